import { z } from 'zod'
import { DURATION_PATTERN, durationMs } from '../duration.js'
import { duration, nonEmpty } from './common.js'
import { judgePolicy } from './judge-policy.js'

const step = z.strictObject({
  /** Canary share in basis points of the entity keys, 1..10000. */
  weight: z.int().min(1).max(10_000),
  /** How long this step lasts at least, in event time. */
  atLeast: duration,
  /** Mature labels the canary must have before it leaves this step: 0 when absent. */
  minMature: z.int().min(0).optional(),
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
    /**
     * The canary takes no new traffic from this long after its first day, while labels go on maturing and the decision stays
     * open. Absent: exposed until decided.
     */
    exposureLasts: duration.optional(),
    onCanaryBusy: z.enum(['queue', 'supersede', 'reject']),
    judge: judgePolicy,
    lookEvery: duration,
    /** `never`, or `shorten_window`: an operator may promote before every step and the window are over. */
    manualPromote: z.enum(['never', 'shorten_window']),
    /** `other_person`: a promotion waits for somebody who did not start the release. Nobody is asked when absent or `none`. */
    promotionApproval: z.enum(['none', 'other_person']).optional(),
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
    // A malformed duration has its own message.
    if (policy.exposureLasts && isDuration(policy.exposureLasts) && isDuration(policy.deadline)) {
      if (durationMs(policy.exposureLasts) >= durationMs(policy.deadline)) {
        const message = `must be shorter than the deadline, ${policy.deadline}`
        context.addIssue({ code: 'custom', path: ['exposureLasts'], message })
      }
    }
  })

const isDuration = (text: string) => DURATION_PATTERN.test(text)
