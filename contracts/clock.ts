import { SlipwayError } from './failure.js'

/**
 * The one clock of a release (docs/architecture.md). Event time runs `speed` times as fast as wall time;
 * live traffic has eventStart = wallStart and speed 1. All values are epoch milliseconds.
 */
export interface ReleaseClock {
  readonly eventStart: number
  readonly wallStart: number
  readonly speed: number
}

/** At the greatest, a day takes 9 ms. */
const [LEAST_SPEED, GREATEST_SPEED] = [0.001, 10_000_000]

/** @throws SlipwayError BadRequest for a speed at which event time or a timer could not be represented */
export function requireSpeed(speed: number, field: string): void {
  if (speed >= LEAST_SPEED && speed <= GREATEST_SPEED) return
  const range = `${LEAST_SPEED} to ${GREATEST_SPEED.toLocaleString('en')}`
  throw new SlipwayError('BadRequest', `${field} is ${speed}; it must be a number from ${range}`)
}

export const eventNow = (clock: ReleaseClock, wallNow: number): number =>
  clock.eventStart + (wallNow - clock.wallStart) * clock.speed

/** The wall instant of an event instant, which may have passed. */
export const wallAt = (clock: ReleaseClock, eventInstant: number): number =>
  clock.wallStart + (eventInstant - clock.eventStart) / clock.speed

/** Wall milliseconds until an event instant; 0 if it has passed. */
export const wallUntil = (clock: ReleaseClock, eventInstant: number, wallNow: number): number =>
  Math.max(0, (eventInstant - eventNow(clock, wallNow)) / clock.speed)
