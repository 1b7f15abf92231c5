import type { Judgement } from '../../contracts/types.js'
import { REQUIRED } from '../conditions.js'
import { daysDisagree } from './days-disagree.js'
import { type Effect, fewestIn } from './effects.js'
import { FEWEST_DAYS } from './interval.js'
import type { Settings } from './settings.js'

/**
 * Conditions of a promotion, the most important first. A rollback for harm needs none of them, because it leaves
 * production where it is.
 */
export function unmetByPromotion(
  numbers: Judgement['numbers'],
  { strata, measured, daily, differs, interval }: Effect,
  settings: Settings,
): string[] {
  const { coverage, coverageDifference, sampleRatioP } = numbers
  const lowest = Math.min(coverage.challenger ?? 0, coverage.reference ?? 0)
  const random = settings.acrossDays === 'random'
  const fewDays = random && (differs?.days ?? 0) < FEWEST_DAYS
  const compared = measured && { daily, differs, interval }
  const conditions: readonly (readonly [code: string, fails: boolean])[] = [
    ['arms_unbalanced', settings.bounds === null && fewestIn(strata) < settings.minMature],
    ['too_few_days', fewDays || Math.max(1, strata.length) < settings.minMatureDays],
    ['coverage_below_floor', lowest < settings.minCoverage],
    ['coverage_differs', coverageDiffers(coverageDifference ?? null, settings.maxCoverageDifference)],
    ['sample_ratio_mismatch', sampleRatioP !== null && sampleRatioP < settings.sampleRatioAlpha],
    ['days_disagree', !random && daysDisagree(settings, compared)],
    ['too_little_new_information', interval === null && measured !== null && !fewDays && settings.plan !== null],
    ['inconclusive', interval === null || !numbers.conclusions.includes(REQUIRED[settings.objective])],
  ]
  return conditions.flatMap(([code, fails]) => (fails ? [code] : []))
}

/** The estimate is beyond the limit, and it is not chance that there is a difference. */
function coverageDiffers(difference: Judgement['numbers']['coverageDifference'] | null, limit: number): boolean {
  if (!difference || Math.abs(difference.effect) <= limit) return false
  const { interval } = difference
  return interval === null || interval[0] > 0 || interval[1] < 0
}
