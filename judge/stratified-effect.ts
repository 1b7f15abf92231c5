import type { Arm } from '../contracts/names.js'
import type { Cohort } from '../contracts/types.js'

export interface DayEffect {
  readonly day: string
  /** Challenger minus reference mean loss. */
  readonly effect: number
  readonly challenger: number
  readonly reference: number
}

export interface StratifiedEffect {
  readonly effect: number
  readonly standardError: number
  /** Labelled decisions used, both arms. */
  readonly n: number
  readonly perDay: readonly DayEffect[]
}

/**
 * Challenger minus reference mean loss, stratified by exposure day with weights n₁n₀/(n₁+n₀) (design.md §4), from mature
 * cohorts only. Days where one arm has no label say nothing about the difference and are left out. Null where none is left.
 */
export function stratifiedEffect(cohorts: readonly Cohort[], challenger: Arm, reference: Arm): StratifiedEffect | null {
  const mature = cohorts.filter((cohort) => cohort.mature && cohort.labelled > 0)
  const byDay = new Map(mature.filter((cohort) => cohort.arm === reference).map((cohort) => [cohort.day, cohort]))
  const pairs = mature
    .filter((cohort) => cohort.arm === challenger)
    .flatMap((one) => {
      const zero = byDay.get(one.day)
      return zero ? [{ one, zero }] : []
    })
    .sort((a, b) => (a.one.day < b.one.day ? -1 : 1))
  if (pairs.length === 0) return null

  const variances = pairs.map(({ one, zero }) => ({ one: variance(one), zero: variance(zero) }))
  let weights = 0
  let weightedEffect = 0
  let weightedVariance = 0
  let n = 0
  const perDay = pairs.map(({ one, zero }, index) => {
    const weight = (one.labelled * zero.labelled) / (one.labelled + zero.labelled)
    const effect = one.lossSum / one.labelled - zero.lossSum / zero.labelled
    // A single observation has no variance of its own; the other arm's stands in for it.
    const own = variances[index]
    const ofOne = own?.one ?? own?.zero ?? 0
    const ofZero = own?.zero ?? own?.one ?? 0
    weights += weight
    weightedEffect += weight * effect
    weightedVariance += weight ** 2 * (ofOne / one.labelled + ofZero / zero.labelled)
    n += one.labelled + zero.labelled
    return { day: one.day, effect, challenger: one.labelled, reference: zero.labelled }
  })
  return { effect: weightedEffect / weights, standardError: Math.sqrt(weightedVariance) / weights, n, perDay }
}

/** Sample variance of a cohort's losses; undefined for a single observation. */
function variance({ labelled, lossSum, lossSumSquares }: Cohort): number | undefined {
  if (labelled < 2) return undefined
  return Math.max(0, (lossSumSquares - lossSum ** 2 / labelled) / (labelled - 1))
}
