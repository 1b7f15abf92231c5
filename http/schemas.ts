/** What crosses the service's edge; the OpenAPI document is made from these. */
import { z } from '@hono/zod-openapi'
import { EXPOSURE_PHASES } from '../contracts/exposure.js'
import { ARMS } from '../contracts/names.js'
import { INSTANT_RULE } from '../contracts/schemas/common.js'
import { TRIGGER_ID, TRIGGER_ID_RULE } from '../contracts/schemas/trigger.js'

/** Kept by PostgreSQL as text: a NUL or half of a character cannot be. */
const text = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .refine((value) => !/[\p{Surrogate}\0]/u.test(value), 'must hold no NUL and no half of a character')

export const decisionId = text(200).openapi({ example: 'order-4711' })

export const projectParam = z.object({ project: z.string().openapi({ example: 'eta' }) })

export const decisionRequest = z
  .strictObject({
    entityKey: text(500).openapi({ description: 'The split is sticky by it; stored hashed.' }),
    input: z.unknown().openapi({ description: 'What the project decides on; see the schema of its name.' }),
    decisionId: decisionId.optional().openapi({ description: 'Makes the call idempotent.' }),
    arm: z.enum(ARMS).optional().openapi({ description: 'Forces the arm: operators only, and never evidence.' }),
  })
  .refine(({ input }) => input !== undefined, { path: ['input'], message: 'must be given' })
  .openapi('DecisionRequest')

export const decisionAnswer = z
  .object({
    decisionId: z.string(),
    releaseId: z.string(),
    arm: z.enum(ARMS),
    output: z.record(z.string(), z.number()),
    action: z.string(),
  })
  .openapi('Decision')

export const MOST_OUTCOMES = 10_000
export const outcomesRequest = z
  .array(
    z.strictObject({
      decisionId,
      label: z.union([z.number(), z.record(text(200), z.number())]),
      observedAt: z.iso
        .datetime({ offset: true, error: INSTANT_RULE })
        .openapi({ description: 'When it became known, event time.' }),
    }),
  )
  .min(1)
  .max(MOST_OUTCOMES)
  .openapi('Outcomes')

export const outcomesAnswer = z
  .object({
    accepted: z.int(),
    corrections: z.int(),
    duplicates: z.int(),
    unknown: z.int(),
    rejected: z.array(z.object({ index: z.int(), decisionId: z.string(), problem: z.string() })),
  })
  .openapi('OutcomesResult')

/** Built here and not taken from the contracts: a schema that was made before this package was loaded has no description. */
export const releaseRequest = z
  .strictObject({
    id: z.string().regex(TRIGGER_ID, TRIGGER_ID_RULE).openapi({
      description: 'The same id again is the same release.',
      example: 'nightly-load-4711',
    }),
    reason: text(2_000).refine((value) => value.trim() !== '', 'must not be empty'),
    cutoff: z.iso.datetime({ offset: true, error: INSTANT_RULE }).optional().openapi({
      description: 'Nothing known later is used; now when absent.',
    }),
    by: text(200).optional().openapi({ description: 'Who asks; recorded with the name of the token.' }),
    parameters: z
      .record(text(200), z.union([z.number(), z.string(), z.boolean()]))
      .optional()
      .openapi({ description: 'For the trainer.' }),
    evidence: z.enum(['replay', 'live']).optional().openapi({
      description: 'Where its canary is judged; live when absent.',
    }),
  })
  .openapi('ReleaseRequest')

export const releaseStarted = z
  .object({
    workflowId: z.string(),
    existed: z.boolean(),
    workflowUrl: z.string().nullable(),
    differs: z
      .array(z.object({ field: z.string(), first: z.unknown(), asked: z.unknown() }))
      .nullable()
      .openapi({
        description: 'What was asked for and does not count; null while the first request is not recorded yet.',
      }),
  })
  .openapi('ReleaseStarted')

export const problemDetails = z
  .object({ type: z.string(), title: z.string(), status: z.int(), detail: z.string() })
  .openapi('Problem')

export const aliasesAnswer = z
  .object({
    project: z.string(),
    production: z.string().nullable(),
    canary: z.string().nullable(),
    split: z
      .object({
        workflowId: z.string(),
        phase: z.enum(EXPOSURE_PHASES),
        arm: z.enum(ARMS),
        basisPoints: z.int(),
        evidence: z.enum(['replay', 'live']),
        clock: z.object({ eventStart: z.number(), wallStart: z.number(), speed: z.number() }),
      })
      .nullable(),
    confirmedAt: z.string(),
    stale: z.boolean(),
    problem: z.string().nullable(),
  })
  .openapi('Aliases')

export const coverageAnswer = z
  .object({
    project: z.string(),
    workflowId: z.string(),
    asOf: z.string(),
    arms: z.array(
      z.object({
        arm: z.enum(ARMS),
        exposed: z.int(),
        labelled: z.int(),
        coverage: z.number().nullable(),
        matureExposed: z.int(),
        matureLabelled: z.int(),
        matureCoverage: z.number().nullable(),
      }),
    ),
    early: z.object({ kept: z.int(), unknown: z.int() }),
  })
  .openapi('Coverage')
