import type { Judgement } from '../contracts/types.js'
import type { Settings } from './settings.js'

type Numbers = Judgement['numbers']

/** The conclusion that each objective requires for a promotion. */
export const REQUIRED = {
  non_inferiority: 'non_inferior',
  superiority: 'superior',
  equivalence: 'equivalent',
} as const satisfies Record<Settings['objective'], Numbers['conclusions'][number]>

/** Why the interval is not usable: too few labels, no common day, or labels that may not count. */
export function unmetByMeasurement(numbers: Numbers, settings: Settings): string[] {
  const fewest = Math.min(numbers.mature.challenger, numbers.mature.reference)
  const beyond = numbers.beyondBound.challenger + numbers.beyondBound.reference
  return failing([
    ['no_mature_labels', fewest === 0],
    ['too_few_mature', fewest < settings.minMature],
    ['no_common_day', fewest > 0 && numbers.effect === null],
    ['loss_beyond_bound', settings.refusesBeyondBound && beyond > 0],
    ['no_variance', numbers.standardError === 0],
  ])
}

/**
 * Further conditions of a promotion. A rollback for harm needs none of them, because it leaves production where it is.
 */
export function unmetByPromotion(numbers: Numbers, settings: Settings): string[] {
  const { coverage, interval, sampleRatioP } = numbers
  const [one, zero] = [coverage.challenger ?? 0, coverage.reference ?? 0]
  return failing([
    // No day at all is `no_common_day`, reported above.
    ['too_few_days', Math.max(1, numbers.perDay.length) < settings.minMatureDays],
    ['coverage_below_floor', Math.min(one, zero) < settings.minCoverage],
    ['coverage_differs', Math.abs(one - zero) > settings.maxCoverageDifference],
    ['sample_ratio_mismatch', sampleRatioP !== null && sampleRatioP < settings.sampleRatioAlpha],
    ['inconclusive', interval === null || !numbers.conclusions.includes(REQUIRED[settings.objective])],
  ])
}

const failing = (conditions: readonly (readonly [code: string, fails: boolean])[]): string[] =>
  conditions.flatMap(([code, fails]) => (fails ? [code] : []))
