import { z } from 'zod'
import { DURATION_PATTERN, durationMs } from '../duration.js'
import { duration, nonEmpty, versioned } from './common.js'
import { judgePolicy, ONLY_IN_POLICY_2 } from './judge-policy.js'
import { offlinePolicy } from './offline-policy.js'
import { segmentsPolicy } from './segments.js'

const step = z.strictObject({
  weight: z
    .int()
    .min(1)
    .max(10_000)
    .describe('Canary share in basis points of the entity keys. Grows from step to step.'),
  atLeast: duration.describe('Shortest duration of this step, in event time.'),
  minMature: z
    .int()
    .min(0)
    .optional()
    .describe('Mature labels that the canary must have before it leaves this step. Absent: 0.'),
})

const paired = z
  .strictObject({
    onHarm: z
      .enum(['hold', 'rollback'])
      .describe('What follows if the candidate is shown to be worse by more than `judge.harmMargin`.'),
    canaryMinMature: z
      .int()
      .min(1)
      .optional()
      .describe(
        'If the shadow shows what `judge.objective` requires, the canary promotes after its steps with this many mature labels in each arm instead of `judge.minMature`, and needs no interval of its own. Absent: the canary must show it too.',
      ),
  })
  .describe(
    'Judges losses of the candidate in the shadow against those of production on the same requests, also while the canary waits for labels. It and the canary are then judged at half of alpha each. Only for a project whose labels do not depend on the action. Absent: no such judgement.',
  )

const shadow = z
  .strictObject({
    share: z
      .int()
      .min(1)
      .max(10_000)
      .describe('Share of the requests, by entity, that the candidate scores too. In basis points of the entities.'),
    lasts: duration.describe('Shortest duration of the shadow, in event time. Shorter than the deadline.'),
    minMature: z
      .int()
      .min(1)
      .optional()
      .describe(
        'Mature labels of shadow decisions before the first step. Only for a project whose labels do not depend on the action. Absent: none.',
      ),
    paired: paired.optional(),
  })
  .describe(
    'Before the first step the candidate scores requests that production has answered; its output is recorded and never used. Absent: no shadow. Only in `slipway.policy/2`.',
  )

export const promotionPolicy = z
  .strictObject({
    schema: versioned('slipway.policy', 2).describe(
      'Version of this format. It selects the version of the judge. `/2` is `/1` with further optional fields.',
    ),
    name: nonEmpty.describe('Name and version of the policy, for people.'),
    labelHorizon: duration.describe(
      'How long after a decision its label is final. A cohort is mature when its day plus this has passed.',
    ),
    deadline: duration.describe('Exposure and judging end here, counted in event time from the opening of the canary.'),
    maxExtensions: z
      .int()
      .min(0)
      .max(10)
      .describe('How often the deadline may be extended. After that an undecided canary is held.'),
    extendBy: duration.describe('How much one extension adds to the deadline.'),
    shadow: shadow.optional(),
    steps: z.array(step).min(1).describe('Steps of the canary, from the narrowest to the widest.'),
    exposureLasts: duration
      .optional()
      .describe(
        'The canary takes no new traffic this long after its first day, while labels mature and the decision stays open. Absent: exposed until decided.',
      ),
    onCanaryBusy: z
      .enum(['queue', 'supersede', 'reject'])
      .describe(
        'If another release has the canary lane: wait for it (`queue`), end it (`supersede`), or be held (`reject`).',
      ),
    judge: judgePolicy,
    segments: segmentsPolicy.optional(),
    offline: offlinePolicy.optional(),
    lookEvery: duration.describe('Event time between two looks of the judge.'),
    manualPromote: z
      .enum(['never', 'shorten_window'])
      .describe(
        '`shorten_window`: an operator may promote before all steps and the window are over. Never past a failed gate.',
      ),
    promotionApproval: z
      .enum(['none', 'other_person'])
      .optional()
      .describe(
        '`other_person`: a promotion waits for approval by a person who did not start the release. Absent: `none`.',
      ),
    probation: z
      .strictObject({
        holdback: z
          .int()
          .min(1)
          .max(5_000)
          .describe('Share of the earlier production in basis points of the entity keys.'),
        lasts: duration.describe('Length of the probation in event time.'),
      })
      .describe('After a promotion: the earlier production keeps a holdback and automatic revert stays armed.'),
  })
  .describe(
    'What a release must show before it is promoted, and how long it may take. Hashed into the release before exposure.',
  )
  .superRefine((policy, context) => {
    if (policy.schema === 'slipway.policy/1') {
      for (const field of ONLY_IN_POLICY_2) {
        if (policy.judge[field] === undefined) continue
        context.addIssue({ code: 'custom', path: ['judge', field], message: 'needs schema slipway.policy/2' })
      }
      if (policy.judge.method === 'bounded') {
        context.addIssue({ code: 'custom', path: ['judge', 'method'], message: 'needs schema slipway.policy/2' })
      }
      for (const field of ['shadow', 'segments', 'offline'] as const) {
        if (policy[field] === undefined) continue
        context.addIssue({ code: 'custom', path: [field], message: 'needs schema slipway.policy/2' })
      }
    }
    const fewer = policy.shadow?.paired?.canaryMinMature
    if (fewer !== undefined && fewer > policy.judge.minMature) {
      context.addIssue({
        code: 'custom',
        path: ['shadow', 'paired', 'canaryMinMature'],
        message: `must be at most judge.minMature, ${policy.judge.minMature}: it is for a shorter canary`,
      })
    }
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
    const shorter = [
      { path: ['exposureLasts'], lasts: policy.exposureLasts },
      { path: ['shadow', 'lasts'], lasts: policy.shadow?.lasts },
    ]
    for (const { path, lasts } of shorter) {
      if (!lasts || !isDuration(lasts) || !isDuration(policy.deadline)) continue
      if (durationMs(lasts) < durationMs(policy.deadline)) continue
      context.addIssue({ code: 'custom', path, message: `must be shorter than the deadline, ${policy.deadline}` })
    }
  })

const isDuration = (text: string) => DURATION_PATTERN.test(text)
