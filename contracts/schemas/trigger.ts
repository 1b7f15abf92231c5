import { z } from 'zod'
import { LONGEST_REASON } from '../limits.js'
import { OPERATOR_ACTIONS, VERDICTS } from '../names.js'
import { instant, name, nonEmpty, projectName } from './common.js'
import { promotionPolicy } from './policy.js'
import { gatePolicy, monitorPolicy } from './release.js'

const cause = z
  .strictObject({
    reason: nonEmpty.max(LONGEST_REASON).describe('The reason in words.'),
    condition: nonEmpty.optional().describe('Name of the condition that fired.'),
    window: z
      .strictObject({ from: instant.describe('Begin of the window.'), to: instant.describe('End of the window.') })
      .optional()
      .describe('Window that the condition measured.'),
    numbers: z.record(z.string(), z.number()).optional().describe('Numbers that the condition measured, by name.'),
  })
  .describe('Why the release was started.')

export const TRIGGER_ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,79}$/
export const TRIGGER_ID_RULE =
  'must begin with a letter or a digit; after it letters, digits, `.`, `_`, `:` and `-`; at most 80 in all'

const proof = nonEmpty.max(200).describe('Signature of the decision service, which has checked whose name `by` is.')

export const trigger = z
  .strictObject({
    project: projectName.describe('Name of the project.'),
    id: z.string().regex(TRIGGER_ID, TRIGGER_ID_RULE).describe('Identifies the release within its project.'),
    kind: z.enum(['cli', 'demo', 'schedule', 'condition', 'webhook']).describe('What started the release.'),
    by: nonEmpty.describe('Who started it.'),
    at: instant.describe('When it was started.'),
    source: nonEmpty
      .optional()
      .describe(
        'The user’s own data: a file or folder, or the digest of data that `slipway snapshot add` has stored. Absent: the project’s default data.',
      ),
    cutoff: instant.describe('Instant up to which data is used.'),
    evidence: z
      .enum(['replay', 'live'])
      .optional()
      .describe(
        'Where the evidence of the canary comes from: the days after the cutoff, replayed from the data, or live decisions. Absent: `replay`.',
      ),
    parameters: z
      .record(z.string(), z.union([z.number(), z.string(), z.boolean()]))
      .describe('What varies between candidates of one project; read by its trainer.'),
    cause: cause.optional(),
    proof: proof.optional(),
  })
  .describe('What starts a release. The same project and id twice is one release.')

/** The release workflow's argument; parsed by whoever starts it, never inside the workflow. */
export const releaseInput = z.strictObject({
  trigger,
  policy: promotionPolicy,
  gates: gatePolicy.optional().describe('The gates of this release, where they are not those of the project.'),
  monitor: monitorPolicy.optional().describe('The monitor of this release, where it is not that of the project.'),
  clock: z.strictObject({ eventStart: z.number(), wallStart: z.number(), speed: z.number().positive() }),
})

export const operatorAction = z
  .strictObject({
    id: name.describe('Makes the action idempotent.'),
    action: z.enum(OPERATOR_ACTIONS).describe('The action.'),
    by: name.describe('Who takes it.'),
    reason: nonEmpty.describe(`Why. At most ${LONGEST_REASON} characters are recorded.`),
    approves: z
      .literal(true)
      .optional()
      .describe('Only with `promote`: it is an approval, and refused unless the release awaits one.'),
    proof: proof.optional(),
  })
  .describe('What an operator does to a release.')

export const verdict = z
  .strictObject({
    schema: z.literal('slipway.verdict/1').describe('Version of this format.'),
    project: projectName.describe('Name of the project.'),
    workflowId: nonEmpty.describe('Workflow id of the run.'),
    releaseId: nonEmpty.nullable().describe('The candidate; null if the run ended before there was one.'),
    verdict: z.enum(VERDICTS).describe('How the run ended.'),
    reason: nonEmpty.describe('Why, as a short code such as `non_inferior` or `hold:no_leakage`.'),
    detail: nonEmpty.describe('The same in a sentence, for people.'),
  })
  .describe('The end of a release.')
