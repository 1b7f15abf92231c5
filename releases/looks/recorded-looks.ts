/** Looks as the ledger has them: the evidence of each, and the judgement. */
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
  /** ISO event time: the deadline in force at this look. */
  readonly deadline: string
  /** Digest of the evidence that the other fields contain. */
  readonly evidence: string
  readonly judgement: Judgement
  /** Which opening of the canary; the first when absent. */
  readonly opening?: number
  /** The releases whose decisions are in the evidence. */
  readonly releases?: readonly string[]
  /** The database snapshot that the evidence was read from: later rows are not in it. */
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

/** @throws SlipwayError ArtifactMismatch if the parts do not have the recorded digest */
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

/** The latest look of a phase and opening. It lists all looks before it, so that no other has to be read. */
export async function newestLook(
  registry: Pick<Registry, 'ledger'>,
  { project, workflowId, phase, opening = 0 }: Pick<ExposureRequest, 'project' | 'workflowId' | 'phase' | 'opening'>,
): Promise<RecordedLook | undefined> {
  const entry = await registry.ledger.newestLook({ project, workflowId, phase })
  const look = entry ? (entry.body as unknown as RecordedLook) : undefined
  // Event time continues from one opening to the next: until the first look of this one, the newest is of an earlier opening.
  return (look?.opening ?? 0) === opening ? look : undefined
}

export const instantOf = ({ judgement }: RecordedLook): number => Date.parse(judgement.numbers.asOf)

/** The earlier looks that a look at `asOf` takes into account, oldest first, one per instant. */
export const looksBefore = (newest: RecordedLook | undefined, asOf: number): PastLook[] =>
  newest === undefined
    ? []
    : [...newest.looks, pastLook(newest.judgement)].filter((look) => Date.parse(look.asOf) < asOf)
