/** Looks as the ledger records them: the evidence of each, and the judgement. */

import type { ExposureRequest } from '../../contracts/activities.js'
import { digestOf } from '../../contracts/canonical.js'
import type { ExposurePhase } from '../../contracts/exposure.js'
import { SlipwayError } from '../../contracts/failure.js'
import { openingOf } from '../../contracts/names.js'
import type { Evidence, Judgement, PastLook } from '../../contracts/types.js'
import { pastLook } from '../../judge/index.js'
import type { Registry } from '../../registry/index.js'

/** The body of a `judgement` entry: with the run's policy, enough to judge again. */
export interface RecordedLook extends Pick<Evidence, 'arms' | 'cohorts' | 'breaches' | 'looks'> {
  readonly phase: ExposurePhase
  readonly step: number
  /** ISO event time at which the phase opened. */
  readonly opened: string
  /** ISO event time in force at this look. */
  readonly deadline: string
  /** Digest of the evidence the other fields make up. */
  readonly evidence: string
  readonly judgement: Judgement
  /** Which opening of the canary; the first when absent. */
  readonly opening?: number
  /** Whose decisions the evidence was gathered from. */
  readonly releases?: readonly string[]
  /** Names the rows the evidence was gathered from; an evidence table's row that came later was not seen. */
  readonly cut?: string
}

export function recordOf(request: ExposureRequest, evidence: Evidence, judgement: Judgement): RecordedLook {
  const { phase, step, deadline } = request
  const { arms, cohorts, breaches, looks } = evidence
  const opened = new Date(request.opened).toISOString()
  const releases = [request.candidate, request.reference]
  const about = { phase, step, opened, deadline, ...openingOf(request), releases }
  return { ...about, evidence: digestOf(evidence), arms, cohorts, breaches, looks, judgement }
}

/** @throws SlipwayError ArtifactMismatch when the parts do not have the digest they were recorded with */
export function evidenceOf(project: string, look: RecordedLook): Evidence {
  const { arms, cohorts, breaches, looks } = look
  const { asOf } = look.judgement.numbers
  const evidence: Evidence = { schema: 'slipway.evidence/1', project, asOf, arms, cohorts, breaches, looks }
  const found = digestOf(evidence)
  if (found === look.evidence) return evidence
  throw new SlipwayError(
    'ArtifactMismatch',
    `the evidence of the look as of ${asOf} should have digest ${look.evidence}, but has ${found}`,
  )
}

/** The newest look of a phase and opening. It names all looks before it, so that no other entry must be read. */
export async function newestLook(
  registry: Pick<Registry, 'ledger'>,
  { project, workflowId, phase, opening = 0 }: Pick<ExposureRequest, 'project' | 'workflowId' | 'phase' | 'opening'>,
): Promise<RecordedLook | undefined> {
  const entry = await registry.ledger.newestLook({ project, workflowId, phase })
  const look = entry ? (entry.body as unknown as RecordedLook) : undefined
  // Event time continues across openings: until the first look of this opening, the newest look is one of an earlier
  // opening.
  return (look?.opening ?? 0) === opening ? look : undefined
}

export const instantOf = ({ judgement }: RecordedLook): number => Date.parse(judgement.numbers.asOf)

/**
 * The earlier looks that a look at `asOf` uses, oldest first, one per instant. A repeated look at one instant does not
 * use itself.
 */
export const looksBefore = (newest: RecordedLook | undefined, asOf: number): PastLook[] =>
  newest === undefined
    ? []
    : [...newest.looks, pastLook(newest.judgement)].filter((look) => Date.parse(look.asOf) < asOf)
