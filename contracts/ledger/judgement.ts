/** One look of the judge. With the policy of its run, the body is enough to judge again. */
import { z } from 'zod'
import { digest, instant } from '../schemas/common.js'
import { evidence, judgement } from '../schemas/evidence.js'
import { opening, phase, releaseId } from './fields.js'
import { shadowNumbers } from './shadow-numbers.js'

export const judgementBody = z
  .strictObject({
    phase,
    step: z.int().min(0).describe('Number of the step in force, counted from 0.'),
    opened: instant.describe('Event time at which the phase opened.'),
    deadline: instant.describe('Event time in force at this look at which undecided becomes held.'),
    opening,
    releases: z
      .array(releaseId)
      .optional()
      .describe('Candidate and reference: whose decisions the evidence was gathered from.'),
    evidence: digest.describe(
      'sha256 of the canonical JSON of the evidence that arms, cohorts, breaches, looks, clusters, segments and paired form.',
    ),
    arms: evidence.shape.arms.describe('Challenger and reference arm.'),
    cohorts: evidence.shape.cohorts.describe('Decisions and losses by day and arm.'),
    breaches: evidence.shape.breaches.describe('Breaches that no earlier look acted on.'),
    looks: evidence.shape.looks.describe('Earlier looks of the phase, oldest first.'),
    clusters: evidence.shape.clusters,
    segments: evidence.shape.segments,
    paired: evidence.shape.paired,
    judgement: judgement.describe('What the judge concluded, with every number it used.'),
    shadow: shadowNumbers.optional(),
    cut: z
      .string()
      .optional()
      .describe('Names the database rows the evidence was gathered from; rows written later were not seen.'),
    breachesThrough: z
      .int()
      .min(0)
      .optional()
      .describe('Ledger position up to which this look or an earlier one had each breach of its phase.'),
    breachesRead: z
      .int()
      .min(0)
      .optional()
      .describe('Ledger position of the last breach that was stored when this look or an earlier one read them.'),
  })
  .describe('One look of the judge. Together with the policy of the run it is enough to judge again.')
/** The body of a `judgement` entry. */
export type RecordedLook = z.infer<typeof judgementBody>

type Phase = RecordedLook['phase']

/** How the keys of all looks of a phase begin; the ISO instant of the look follows. */
export const lookKeyStart = (workflowId: string, phase: Phase): string => `${workflowId}:${phase}:look:`

/**
 * How the key of a look begins; the cut follows. By its content: the same instant judged again at a wider step is
 * another look.
 * @param digest of the body without its cut, breachesThrough and breachesRead
 */
export const lookKey = (workflowId: string, phase: Phase, asOf: string, digest: string): string =>
  `${lookKeyStart(workflowId, phase)}${asOf}:${digest}`
