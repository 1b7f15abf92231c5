/** A seeded world with a known truth: `x` always predicts lateness, `z` only until its feed breaks. */
import { createHash } from 'node:crypto'
import { DAY_MS } from '../../contracts/duration.js'
import type { ReplayEvent } from '../../projects/project.js'

export interface ToyInput {
  readonly x: number
  readonly z: number
}

export const FEED_BREAKS = Date.parse('2001-02-01T00:00:00Z')
const PER_DAY = 400

/** Uniform in [0, 1), the same for the same words. */
export const chance = (...words: (string | number)[]): number =>
  createHash('sha256').update(words.join(':')).digest().readUInt32BE(0) / 2 ** 32

/**
 * Days that were generated before: a release reads twenty of them, and each look its own. Three digests an event make a
 * day cost milliseconds.
 */
const days = new Map<string, readonly ReplayEvent<ToyInput>[]>()
const MOST_DAYS = 200

function dayOf(day: number, perDay: number): readonly ReplayEvent<ToyInput>[] {
  const key = `${day}/${perDay}`
  const known = days.get(key)
  if (known) return known
  if (days.size === MOST_DAYS) days.clear()
  const generated = Array.from({ length: perDay }, (_, index) => eventOf(day, index, perDay))
  days.set(key, generated)
  return generated
}

function eventOf(day: number, index: number, perDay: number): ReplayEvent<ToyInput> {
  const x = chance(day, index, 'x') < 0.3 ? 1 : 0
  const label = chance(day, index, 'label') < (x === 1 ? 0.7 : 0.05) ? 1 : 0
  const predicted = chance(day, index, 'z') < 0.95 ? label : 1 - label
  const at = day + (index * DAY_MS) / perDay
  return {
    id: `${day / DAY_MS}-${index}`,
    entityKey: `parcel-${day / DAY_MS}-${index}`,
    at,
    input: { x, z: day < FEED_BREAKS ? predicted : 1 - predicted },
    label,
    knownAt: at + (label === 1 ? 5 : 2) * 3_600_000,
  }
}

export function* toyDays(from: number, to: number, perDay = PER_DAY): Generator<ReplayEvent<ToyInput>> {
  for (let day = from; day < to; day += DAY_MS) yield* dayOf(day, perDay)
}
