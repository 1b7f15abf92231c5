import type { JudgePolicy, PromotionPolicy } from '../../../contracts/types.js'
import { ALPHA, MIN_LABELS } from '../rules.js'
import { HORIZON_DAYS } from '../stream.js'

export type Method = 'confidence_sequence' | 'group_sequential' | 'bounded'
export const METHODS: readonly Method[] = ['confidence_sequence', 'group_sequential', 'bounded']

interface Asked {
  readonly method: Method
  /** 4Σn₁n₀/(n₁+n₀) expected by the end. */
  readonly information: number
  /** Null: unbounded. */
  readonly highest: number | null
  readonly judge?: Partial<JudgePolicy>
}

/** Where losses are unbounded, `bounded` counts one beyond this as this. */
export const CLIP = 30

/**
 * One look a day, objective superiority without margins: every promotion and every rollback in an A/A stream is false.
 */
export function policy2({ method, information, highest, judge }: Asked): PromotionPolicy {
  const bound = highest ?? (method === 'bounded' ? CLIP : null)
  return {
    schema: 'slipway.policy/2',
    name: 'bench',
    labelHorizon: `${HORIZON_DAYS}d`,
    deadline: '21d',
    maxExtensions: 0,
    extendBy: '1d',
    steps: [500, 2_500, 5_000].map((weight) => ({ weight, atLeast: '1d' })),
    onCanaryBusy: 'reject',
    judge: {
      alpha: ALPHA,
      tunedFor: 5_000,
      objective: 'superiority',
      nonInferiorityMargin: 0,
      harmMargin: 0,
      minMature: MIN_LABELS,
      minCoverage: 0.8,
      maxCoverageDifference: 0.03,
      sampleRatioAlpha: 0.0001,
      method,
      ...(method === 'group_sequential'
        ? { groupSequential: { spending: 'obrien_fleming', plannedInformation: information } as const }
        : {}),
      ...(bound === null ? {} : { lossBound: { lowest: 0, highest: bound, beyond: 'winsorise' } as const }),
      ...judge,
    },
    lookEvery: '1d',
    manualPromote: 'never',
    probation: { holdback: 1_000, lasts: '9d' },
  }
}
