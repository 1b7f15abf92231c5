import { z } from 'zod'
import { duration, nonEmpty, share } from './common.js'

const step = z.strictObject({
  /** Canary share in basis points of the entity keys, 1..10000. */
  weight: z.int().min(1).max(10_000),
  /** How long this step lasts at least, in event time. */
  atLeast: duration,
})

/** What a release must show, and how long it may take; hashed into the release before exposure. */
export const promotionPolicy = z
  .strictObject({
    schema: z.literal('slipway.policy/1'),
    name: nonEmpty,
    labelHorizon: duration,
    /** Judging and exposure end here, counted from the opening of the canary. */
    deadline: duration,
    maxExtensions: z.int().min(0).max(10),
    /** How much an extension adds to the deadline. */
    extendBy: duration,
    steps: z.array(step).min(1),
    onCanaryBusy: z.enum(['queue', 'supersede', 'reject']),
    judge: z.strictObject({
      alpha: z.number().gt(0).lt(0.5),
      /** N* of the confidence sequence: where it is tightest. Fixed before the canary opens. */
      tunedFor: z.int().min(1),
      /** Promote when the interval of canary minus production loss lies below this (loss per decision). */
      nonInferiorityMargin: z.number().min(0),
      /** Roll back when the interval lies above this (loss per decision). */
      harmMargin: z.number().min(0),
      minMature: z.int().min(1),
      minCoverage: share,
      maxCoverageDifference: share,
      /** p-value below which the split counts as mismatched. */
      sampleRatioAlpha: z.number().gt(0).lt(0.5),
    }),
    lookEvery: duration,
    /** `never`, or `shorten_window`: an operator may promote before every step and the window are over. */
    manualPromote: z.enum(['never', 'shorten_window']),
    probation: z.strictObject({ holdback: z.int().min(1).max(5_000), lasts: duration }),
  })
  .superRefine((policy, context) => {
    policy.steps.forEach((current, index) => {
      const previous = policy.steps[index - 1]
      if (previous && current.weight <= previous.weight) {
        context.addIssue({
          code: 'custom',
          path: ['steps', index, 'weight'],
          message: `must be above the previous step's ${previous.weight}`,
        })
      }
    })
    const last = policy.steps.at(-1)
    const highest = 10_000 - policy.probation.holdback
    if (last && last.weight > highest) {
      context.addIssue({
        code: 'custom',
        path: ['steps', policy.steps.length - 1, 'weight'],
        message: `must be at most ${highest}, since the holdback of the probation takes the rest`,
      })
    }
  })
