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
  /** Zero where every loss is the same. */
  readonly standardError: number
  /** Labelled decisions used, of both arms together. */
  readonly n: number
  /** Σ n₁n₀/(n₁+n₀) over the days. */
  readonly weight: number
  readonly perDay: readonly DayEffect[]
}

/** The measured losses of one arm on one day. */
export type Measured = Pick<Cohort, 'labelled' | 'lossSum' | 'lossSumSquares'>

interface Pair {
  readonly day: string
  readonly one: Measured
  readonly zero: Measured
}

/**
 * Challenger minus reference mean loss, stratified by exposure day with weights n₁n₀/(n₁+n₀), from mature cohorts only
 * (docs/architecture.md). Days where one arm has no label are left out. Null where none is left.
 */
export function stratifiedEffect(cohorts: readonly Cohort[], challenger: Arm, reference: Arm): StratifiedEffect | null {
  const pairs = pairsOf(cohorts, challenger, reference)
  if (pairs.length === 0) return null
  const within = pairs.map(varianceWithin)
  // If no arm varies within any day and yet the arms differ, the pooled variance is used instead, as in a score test.
  const variances = within.some((variance) => variance > 0) ? within : pairs.map(varianceTogether)
  let weight = 0
  let weightedEffect = 0
  let weightedVariance = 0
  let n = 0
  const perDay = pairs.map(({ day, one, zero }, index) => {
    const ofDay = (one.labelled * zero.labelled) / (one.labelled + zero.labelled)
    const effect = one.lossSum / one.labelled - zero.lossSum / zero.labelled
    weight += ofDay
    weightedEffect += ofDay * effect
    weightedVariance += ofDay * ofDay * (variances[index] ?? 0)
    n += one.labelled + zero.labelled
    return { day, effect, challenger: one.labelled, reference: zero.labelled }
  })
  return {
    effect: weightedEffect / weight,
    standardError: Math.sqrt(weightedVariance) / weight,
    n,
    weight,
    perDay,
  }
}

function pairsOf(cohorts: readonly Cohort[], challenger: Arm, reference: Arm): Pair[] {
  const mature = cohorts.filter((cohort) => cohort.mature && cohort.labelled > 0)
  const byDay = new Map(mature.filter((cohort) => cohort.arm === reference).map((cohort) => [cohort.day, cohort]))
  return mature
    .filter((cohort) => cohort.arm === challenger)
    .flatMap((one) => {
      const zero = byDay.get(one.day)
      return zero ? [{ day: one.day, one, zero }] : []
    })
    .sort((a, b) => (a.day < b.day ? -1 : 1))
}

/** Variance of the difference of means. A single observation has no variance, so the other arm's is used for it. */
function varianceWithin({ one, zero }: Pair): number {
  const own = { one: variance(one), zero: variance(zero) }
  return (own.one ?? own.zero ?? 0) / one.labelled + (own.zero ?? own.one ?? 0) / zero.labelled
}

function varianceTogether({ one, zero }: Pair): number {
  const pooled = {
    labelled: one.labelled + zero.labelled,
    lossSum: one.lossSum + zero.lossSum,
    lossSumSquares: one.lossSumSquares + zero.lossSumSquares,
  }
  return (variance(pooled) ?? 0) * (1 / one.labelled + 1 / zero.labelled)
}

/**
 * Losses that differ by less than a millionth of their size count as equal: below that the difference is only rounding
 * of the sums.
 */
const ROUNDING = 1e-12

/** Sample variance; undefined for a single observation. */
function variance({ labelled, lossSum, lossSumSquares }: Measured): number | undefined {
  if (labelled < 2) return undefined
  const squares = lossSumSquares - (lossSum * lossSum) / labelled
  // An overflow must stay visible, so that it is refused.
  if (!Number.isFinite(squares)) return Number.NaN
  return squares <= ROUNDING * lossSumSquares ? 0 : squares / (labelled - 1)
}
