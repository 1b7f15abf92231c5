import type { Judgement } from '../contracts/types.js'
import type { Settings } from './settings.js'

type Numbers = Judgement['numbers']

/** What each objective must have shown. */
export const REQUIRED = {
  non_inferiority: 'non_inferior',
  superiority: 'superior',
  equivalence: 'equivalent',
} as const satisfies Record<Settings['objective'], Numbers['conclusions'][number]>

/** The interval is one to conclude from: enough labels, on common days, each of them allowed to count. */
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

/** Harm needs none of these: a rollback leaves production where it is. */
export function unmetByPromotion(numbers: Numbers, settings: Settings): string[] {
  const { coverage, interval, sampleRatioP } = numbers
  const [one, zero] = [coverage.challenger ?? 0, coverage.reference ?? 0]
  return failing([
    // No day at all has a name of its own.
    ['too_few_days', Math.max(1, numbers.perDay.length) < settings.minMatureDays],
    ['coverage_below_floor', Math.min(one, zero) < settings.minCoverage],
    ['coverage_differs', Math.abs(one - zero) > settings.maxCoverageDifference],
    ['sample_ratio_mismatch', sampleRatioP !== null && sampleRatioP < settings.sampleRatioAlpha],
    ['inconclusive', interval === null || !numbers.conclusions.includes(REQUIRED[settings.objective])],
  ])
}

const failing = (conditions: readonly (readonly [code: string, fails: boolean])[]): string[] =>
  conditions.flatMap(([code, fails]) => (fails ? [code] : []))
