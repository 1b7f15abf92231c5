/** Simulated requests that production answered and the candidate scored in the shadow, with a loss of both. */
import { DAY_MS, utcDay } from '../../../contracts/duration.js'
import type { Paired } from '../../../contracts/types.js'
import { SIMULATED_START } from '../evidence.js'
import type { Random } from '../random.js'
import { normal } from '../stream/draw-loss.js'
import { SquaredSums } from '../stream/sums.js'
import type { World } from '../stream/world.js'

export interface PairWorld {
  /** Requests a day. */
  readonly requests: number
  /** Loss of the candidate minus loss of production, where they differ. */
  readonly difference: (random: Random, shift: number) => number
  /** Share of requests on which they differ. */
  readonly differing: number
  /** Decisions of an entity in 30 days; one entity is always better or always worse off. Absent: no entity returns. */
  readonly visits?: number
  /** Standard deviation from day to day of the share of differences that are worse. */
  readonly daySd?: number
}

interface PairedDay {
  readonly sums: Paired['days'][number]
  /** Of all days so far. */
  readonly clusterSquares: number
}

/** A shadow of some days, which ends when the canary begins. */
export function drawShadow(world: PairWorld, days: number, random: Random): PairedDay[] {
  const { requests, difference, differing, visits, daySd = 0 } = world
  const size = visits === undefined ? 0 : Math.round((requests * 30) / visits)
  const shifts = Float64Array.from({ length: size }, () => (random() < 0.5 ? -0.4 : 0.4))
  const all = new SquaredSums(size)
  return Array.from({ length: days }, (_, index) => {
    const dayShift = daySd > 0 ? daySd * normal(random) : 0
    const rows = Array.from({ length: requests }, () => {
      const entity = size > 0 ? Math.floor(random() * size) : -1
      const differs = random() < differing
      return { entity, value: differs ? difference(random, (shifts[entity] ?? 0) + dayShift) : 0 }
    })
    const sum = rows.reduce((total, { value }) => total + value, 0)
    const sumSquares = rows.reduce((total, { value }) => total + value * value, 0)
    const ofDay = new SquaredSums(size)
    for (const { entity, value } of rows) {
      ofDay.add(entity, value - sum / requests)
      all.add(entity, value - sum / requests)
    }
    const sums = {
      day: utcDay(SIMULATED_START + (index - days) * DAY_MS),
      mature: false,
      exposed: requests,
      failed: 0,
      referenceLabelled: requests,
      labelled: requests,
      differing: rows.filter(({ value }) => value !== 0).length,
      beyondBound: 0,
      sum,
      sumSquares,
      entities: size === 0 ? requests : new Set(rows.map(({ entity }) => entity)).size,
      clusterSquares: ofDay.total,
    }
    return { sums, clusterSquares: all.total }
  })
}

/** What a look at `asOf` has of it, if every label arrives within the horizon. */
export function pairedAt(days: readonly PairedDay[], asOf: number, labelHorizonMs: number): Paired {
  const known = days.filter(({ sums }) => Date.parse(sums.day) + DAY_MS <= asOf)
  const isMature = ({ sums }: PairedDay) => Date.parse(sums.day) + DAY_MS + labelHorizonMs <= asOf
  const none = { referenceLabelled: 0, labelled: 0, differing: 0, sum: 0, sumSquares: 0, clusterSquares: 0 }
  return {
    days: known.map((day) => (isMature(day) ? { ...day.sums, mature: true } : { ...day.sums, ...none })),
    clusterSquares: known.filter(isMature).at(-1)?.clusterSquares ?? 0,
  }
}

/** ±1: worse with half the chance and `shift`. */
export const binary = (random: Random, shift: number): number => (random() < 0.5 + shift ? 1 : -1)

/** Pairs of a stream: where the candidate's loss is another one, it costs `cost` more or less. */
export function pairsOf(world: World, share: number, differing: number): PairWorld {
  const { traffic, effect, rate, cost, clip, entities, days } = world
  // The mean difference is the effect: worse with half the chance, and this much more or less.
  const shift = (effect * rate(0)) / differing / 2
  return {
    requests: Math.max(1, Math.round((traffic * share) / 10_000)),
    differing,
    difference: (random, more) => Math.min(cost, clip ?? cost) * binary(random, shift + more),
    ...(entities ? { visits: entities.visits } : {}),
    ...(days ? { daySd: days.sd / differing / 2 } : {}),
  }
}
