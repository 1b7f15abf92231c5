import { DAY_MS, utcDay } from '../../contracts/duration.js'
import type { Cohort, Evidence, PastLook } from '../../contracts/types.js'
import type { ArmDay, Day } from './simulated-traffic.js'

/** Day 0 of a simulated canary: a fixed instant, not the current time. */
export const SIMULATED_START = Date.UTC(2026, 0, 1)

const simulatedDays: string[] = []
/** The UTC day with this index. Kept: each look of a simulation names all days before it. */
export const simulatedDay = (index: number): string => {
  simulatedDays[index] ??= utcDay(SIMULATED_START + index * DAY_MS)
  return simulatedDays[index] as string
}

export interface WeightedDay extends Day {
  readonly weight: number
}

/** The evidence of these days at `asOf`, if every label arrives within the horizon. */
export function simulatedEvidence(
  days: readonly WeightedDay[],
  { asOf, labelHorizonMs, cost, looks }: { asOf: number; labelHorizonMs: number; cost: number; looks: PastLook[] },
): Evidence {
  const cohorts = days.flatMap((day, index) => {
    const from = SIMULATED_START + index * DAY_MS
    const mature = from + DAY_MS + labelHorizonMs <= asOf
    const cohort = (arm: 'canary' | 'production', { exposed, costly }: ArmDay, expectedShare: number): Cohort => ({
      day: simulatedDay(index),
      arm,
      exposed,
      mature,
      labelled: mature ? exposed : 0,
      lossSum: mature ? costly * cost : 0,
      lossSumSquares: mature ? costly * cost * cost : 0,
      beyondBound: 0,
      estimated: 0,
      expectedLossSum: 0,
      expectedLossSumSquares: 0,
      expectedShare,
    })
    const both = [cohort('canary', day.canary, day.weight), cohort('production', day.production, 10_000 - day.weight)]
    return both.filter(({ exposed }) => exposed > 0)
  })
  return {
    schema: 'slipway.evidence/1',
    project: 'simulated',
    asOf: new Date(asOf).toISOString(),
    arms: { challenger: 'canary', reference: 'production' },
    cohorts,
    breaches: [],
    looks,
  }
}
