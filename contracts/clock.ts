/**
 * The one clock of a release (docs/architecture.md). Event time runs `speed` times as fast as wall time;
 * live traffic has eventStart = wallStart and speed 1. All values are epoch milliseconds.
 */
export interface ReleaseClock {
  readonly eventStart: number
  readonly wallStart: number
  readonly speed: number
}

export const eventNow = (clock: ReleaseClock, wallNow: number): number =>
  clock.eventStart + (wallNow - clock.wallStart) * clock.speed

/** The wall instant of an event instant, which may have passed. */
export const wallAt = (clock: ReleaseClock, eventInstant: number): number =>
  clock.wallStart + (eventInstant - clock.eventStart) / clock.speed

/** Wall milliseconds until an event instant; 0 if it has passed. */
export const wallUntil = (clock: ReleaseClock, eventInstant: number, wallNow: number): number =>
  Math.max(0, (eventInstant - eventNow(clock, wallNow)) / clock.speed)
