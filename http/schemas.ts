/** Requests and answers of the HTTP routes. The OpenAPI document is generated from these. */
import { z } from '@hono/zod-openapi'
import { EXPOSURE_PHASES } from '../contracts/exposure.js'
import { ARMS } from '../contracts/names.js'
import { INSTANT_RULE } from '../contracts/schemas/common.js'
import { TRIGGER_ID, TRIGGER_ID_RULE } from '../contracts/schemas/trigger.js'

/** Text that PostgreSQL can store: no NUL character and no lone surrogate. */
const text = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .refine((value) => !/[\p{Surrogate}\0]/u.test(value), 'must not contain a NUL character or a lone surrogate')

export const decisionId = text(200).openapi({ example: 'order-4711' })

export const projectParam = z.object({ project: z.string().openapi({ example: 'eta' }) })

export const decisionRequest = z
  .strictObject({
    entityKey: text(500).openapi({
      description: 'The entity, for example a customer. The same entity always gets the same arm. Stored as a hash.',
    }),
    input: z.unknown().openapi({ description: 'The input of the decision; its schema is input_PROJECT.' }),
    decisionId: decisionId.optional().openapi({ description: 'Makes the call idempotent. Generated if absent.' }),
    arm: z
      .enum(ARMS)
      .optional()
      .openapi({ description: 'Forces this arm. Needs the role operate; such a decision never counts as evidence.' }),
  })
  .refine(({ input }) => input !== undefined, { path: ['input'], message: 'must be given' })
  .openapi('DecisionRequest')

export const decisionAnswer = z
  .object({
    decisionId: z.string().openapi({ description: 'The id under which the outcome is delivered.' }),
    releaseId: z.string().openapi({ description: 'The release that answered.' }),
    arm: z.enum(ARMS).openapi({ description: 'The arm of the entity.' }),
    output: z.record(z.string(), z.number()).openapi({ description: 'The output of the model, by name.' }),
    action: z.string().openapi({ description: 'What the action policy of the release made of the output.' }),
  })
  .openapi('Decision')

export const MOST_OUTCOMES = 10_000
export const outcomesRequest = z
  .array(
    z.strictObject({
      decisionId,
      label: z
        .union([z.number(), z.record(text(200), z.number())])
        .openapi({ description: 'The observed value, in the form the project defines.' }),
      observedAt: z.iso
        .datetime({ offset: true, error: INSTANT_RULE })
        .openapi({ description: 'When the label became known, in event time.' }),
    }),
  )
  .min(1)
  .max(MOST_OUTCOMES)
  .openapi('Outcomes')

export const outcomesAnswer = z
  .object({
    accepted: z.int().openapi({ description: 'New labels.' }),
    corrections: z.int().openapi({ description: 'Labels that replace an earlier value.' }),
    duplicates: z.int().openapi({ description: 'Labels that were stored already.' }),
    unknown: z.int().openapi({ description: 'Labels of decisions that are not known yet; they are kept.' }),
    rejected: z
      .array(z.object({ index: z.int(), decisionId: z.string(), problem: z.string() }))
      .openapi({ description: 'Labels that do not fit the project, by position in the request.' }),
  })
  .openapi('OutcomesResult')

/**
 * Defined here, not in contracts: a zod schema created before @hono/zod-openapi was loaded cannot carry a description.
 */
export const releaseRequest = z
  .strictObject({
    id: z.string().regex(TRIGGER_ID, TRIGGER_ID_RULE).openapi({
      description: 'Identifies the release: the same id again is the same release.',
      example: 'nightly-load-4711',
    }),
    reason: text(2_000)
      .refine((value) => value.trim() !== '', 'must not be empty')
      .openapi({ description: 'Why the release is started; recorded in the ledger.' }),
    cutoff: z.iso.datetime({ offset: true, error: INSTANT_RULE }).optional().openapi({
      description: 'Only data known at this instant is used. Default: now.',
    }),
    by: text(200)
      .optional()
      .openapi({ description: 'Who starts the release; recorded together with the name of the token.' }),
    parameters: z
      .record(text(200), z.union([z.number(), z.string(), z.boolean()]))
      .optional()
      .openapi({ description: 'Parameters for the trainer, by name.' }),
    evidence: z.enum(['replay', 'live']).optional().openapi({
      description: 'What the canary is judged on: live decisions or replayed ones. Default: live.',
    }),
  })
  .openapi('ReleaseRequest')

export const releaseStarted = z
  .object({
    workflowId: z.string().openapi({ description: 'The id of the run.' }),
    existed: z.boolean().openapi({ description: 'True if a release with this id was started earlier.' }),
    workflowUrl: z
      .string()
      .nullable()
      .openapi({ description: 'The run in the Temporal Web UI; null if no Web UI is known.' }),
    differs: z
      .array(z.object({ field: z.string(), first: z.unknown(), asked: z.unknown() }))
      .nullable()
      .openapi({
        description:
          'What this request asks for and the first request did not; it is ignored. Null until the first request is recorded.',
      }),
  })
  .openapi('ReleaseStarted')

export const problemDetails = z
  .object({
    type: z.string(),
    title: z.string().openapi({ description: 'The kind of problem.' }),
    status: z.int().openapi({ description: 'The HTTP status.' }),
    detail: z.string().openapi({ description: 'What is wrong, and where.' }),
  })
  .openapi('Problem')

export const aliasesAnswer = z
  .object({
    project: z.string(),
    production: z.string().nullable().openapi({ description: 'The release that alias production points at.' }),
    canary: z.string().nullable().openapi({ description: 'The release that alias canary points at.' }),
    split: z
      .object({
        workflowId: z.string().openapi({ description: 'The run that splits the traffic.' }),
        phase: z.enum(EXPOSURE_PHASES),
        arm: z.enum(ARMS).openapi({ description: 'The arm beside production.' }),
        basisPoints: z.int().openapi({ description: 'Share of that arm now, in 1/10,000.' }),
        evidence: z.enum(['replay', 'live']).openapi({ description: 'What the run is judged on.' }),
        clock: z
          .object({ eventStart: z.number(), wallStart: z.number(), speed: z.number() })
          .openapi({ description: 'Event time of the run: eventStart + (now - wallStart) × speed, in epoch ms.' }),
      })
      .nullable()
      .openapi({ description: 'Null while no run splits the traffic.' }),
    confirmedAt: z.string().openapi({ description: 'When the aliases were last read from the registry.' }),
    stale: z.boolean().openapi({ description: 'True if the registry has not answered for too long.' }),
    problem: z.string().nullable().openapi({ description: 'Why a release could not be loaded; null if all is well.' }),
  })
  .openapi('Aliases')

export const coverageAnswer = z
  .object({
    project: z.string(),
    workflowId: z.string(),
    asOf: z.string().openapi({ description: 'Event time of the numbers.' }),
    arms: z.array(
      z.object({
        arm: z.enum(ARMS),
        exposed: z.int().openapi({ description: 'Decisions.' }),
        labelled: z.int().openapi({ description: 'Decisions with a label.' }),
        coverage: z.number().nullable().openapi({ description: 'Labelled share; null without decisions.' }),
        matureExposed: z.int().openapi({ description: 'Decisions whose label horizon has passed.' }),
        matureLabelled: z.int().openapi({ description: 'Mature decisions with a label.' }),
        matureCoverage: z.number().nullable().openapi({ description: 'Labelled share of the mature decisions.' }),
      }),
    ),
    early: z.object({ kept: z.int(), unknown: z.int() }).openapi({
      description: 'Labels that arrived before their decision: all of them, and those whose decision is unknown.',
    }),
  })
  .openapi('Coverage')
