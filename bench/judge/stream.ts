/**
 * Streams of decisions with delayed labels, which arrive later for decisions with a loss. Every rule gets the same
 * streams.
 */
import { createRandom } from '../../judge/simulation/random.js'
import { type Day, drawDay, type SimulatedTraffic } from '../../judge/simulation/simulated-traffic.js'

export interface StreamDay extends Day {
  readonly weight: number
}

/** Days from the end of a decision's day to its label: for a decision without loss, and for one with a loss. */
export const DELAY = { good: 2, costly: 5 } as const
/** Days after which all labels have arrived. */
export const HORIZON_DAYS = 5

export interface Schedule {
  readonly name: string
  /** Basis points of the canary on a day. */
  readonly weight: (day: number) => number
}

export const FLAT: Schedule = { name: 'flat 50 %', weight: () => 5_000 }
const RAMP = [100, 500, 1_000, 2_500, 5_000]
const DAYS_A_STEP = 3
export const RAMPED: Schedule = {
  name: 'ramp 1-5-10-25-50 %',
  weight: (day) => RAMP[Math.min(RAMP.length - 1, Math.floor(day / DAYS_A_STEP))] ?? 0,
}

/** The same seed and run give the same stream to every rule. */
export function drawStream(
  world: SimulatedTraffic,
  schedule: Schedule,
  days: number,
  { seed, run }: { seed: number; run: number },
): StreamDay[] {
  const random = createRandom(seed, run)
  return Array.from({ length: days }, (_, day) => {
    const weight = schedule.weight(day)
    return { weight, ...drawDay(world, day, weight, random) }
  })
}

/** Counts of one arm: labels, and how many of them have a loss. */
export interface Counts {
  readonly labels: number
  readonly costly: number
}

/** Labels of one arm and day that have arrived when `age` whole days have passed since the day ended. */
export function arrived({ exposed, costly }: { exposed: number; costly: number }, age: number): Counts {
  const known = age >= DELAY.costly ? costly : 0
  return { labels: known + (age >= DELAY.good ? exposed - costly : 0), costly: known }
}
