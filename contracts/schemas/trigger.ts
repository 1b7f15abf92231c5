import { z } from 'zod'
import { OPERATOR_ACTIONS, VERDICTS } from '../names.js'
import { instant, nonEmpty, projectName } from './common.js'
import { promotionPolicy } from './policy.js'

/** Why it was started, where somebody or something said so; a condition brings the numbers that made it fire. */
const cause = z.strictObject({
  reason: nonEmpty.max(2_000),
  condition: nonEmpty.optional(),
  window: z.strictObject({ from: instant, to: instant }).optional(),
  numbers: z.record(z.string(), z.number()).optional(),
})

export const TRIGGER_ID = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,79}$/
export const TRIGGER_ID_RULE = 'must be letters, digits, dots, dashes, at most 80'

/** What starts a release. The same project and id twice is one release. */
export const trigger = z.strictObject({
  project: projectName,
  id: z.string().regex(TRIGGER_ID, TRIGGER_ID_RULE),
  kind: z.enum(['cli', 'demo', 'schedule', 'condition', 'webhook']),
  by: nonEmpty,
  at: instant,
  /** The user's own data: a file or folder; the project's default data when absent. */
  source: nonEmpty.optional(),
  cutoff: instant,
  /**
   * Where the canary's evidence comes from: the days after the cutoff replayed from the data (when absent), or live decisions and their
   * labels, which the decision service writes.
   */
  evidence: z.enum(['replay', 'live']).optional(),
  /** What varies between candidates of one project, read by its trainer. */
  parameters: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
  cause: cause.optional(),
})

/** The release workflow's argument; parsed by whoever starts it, never inside the workflow. */
export const releaseInput = z.strictObject({
  trigger,
  policy: promotionPolicy,
  clock: z.strictObject({ eventStart: z.number(), wallStart: z.number(), speed: z.number().positive() }),
})

export const operatorAction = z.strictObject({
  id: nonEmpty,
  action: z.enum(OPERATOR_ACTIONS),
  by: nonEmpty,
  reason: nonEmpty,
})

/** The end of a release, as recorded in the registry and returned by the workflow. */
export const verdict = z.strictObject({
  schema: z.literal('slipway.verdict/1'),
  project: projectName,
  workflowId: nonEmpty,
  releaseId: nonEmpty.nullable(),
  verdict: z.enum(VERDICTS),
  reason: nonEmpty,
  /** The same in plain words, for people. */
  detail: nonEmpty,
  at: instant,
})
