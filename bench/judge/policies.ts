import type { JudgePolicy, PromotionPolicy } from '../../contracts/types.js'
import { ALPHA, MIN_LABELS } from './rules.js'
import { HORIZON_DAYS, type Schedule } from './stream.js'

const JUDGE: JudgePolicy = {
  alpha: ALPHA,
  tunedFor: 5_000,
  objective: 'superiority',
  nonInferiorityMargin: 0,
  harmMargin: 0,
  minMature: MIN_LABELS,
  minCoverage: 0.9,
  maxCoverageDifference: 0.03,
  sampleRatioAlpha: 0.0001,
}

/** One look a day, three steps in three days, a deadline of three weeks, labels final after five days. */
export const policyOf = (judge: Partial<JudgePolicy>): PromotionPolicy => ({
  schema: 'slipway.policy/1',
  name: 'bench',
  labelHorizon: `${HORIZON_DAYS}d`,
  deadline: `${DEADLINE_DAYS}d`,
  maxExtensions: 0,
  extendBy: '1d',
  steps: STEPS.map((weight) => ({ weight, atLeast: '1d' })),
  onCanaryBusy: 'reject',
  judge: { ...JUDGE, ...judge },
  lookEvery: '1d',
  manualPromote: 'never',
  probation: { holdback: 1_000, lasts: '1d' },
})

export const DEADLINE_DAYS = 21
const STEPS = [500, 2_500, 5_000]
/** The exposure of `policyOf`. */
export const STEPPED: Schedule = {
  name: 'steps 5-25-50 %',
  weight: (day) => STEPS[Math.min(day, STEPS.length - 1)] ?? 0,
}

/** 4Σn₁n₀/(n₁+n₀) of the days that are mature at the end of day `days`, planned from traffic and schedule. */
export function informationBy(days: number, traffic: number, schedule: Schedule): number {
  let information = 0
  for (let day = 0; day < days - HORIZON_DAYS; day += 1) {
    const share = schedule.weight(day) / 10_000
    information += 4 * traffic * share * (1 - share)
  }
  return information
}

export const sequentialPlan = (plannedInformation: number): Partial<JudgePolicy> => ({
  method: 'group_sequential',
  groupSequential: { spending: 'obrien_fleming', plannedInformation },
})
