/** Looks as the ledger has them: the evidence of each, and the judgement. */
import type { ExposureRequest } from '../../contracts/activities.js'
import { digestOf } from '../../contracts/canonical.js'
import { SlipwayError } from '../../contracts/failure.js'
import type { RecordedLook } from '../../contracts/ledger/index.js'
import { openingOf } from '../../contracts/names.js'
import type { Evidence, Judgement, PastLook } from '../../contracts/types.js'
import { pastLook } from '../../judge/index.js'
import type { Registry } from '../../registry/index.js'

export function recordOf(request: ExposureRequest, evidence: Evidence, judgement: Judgement): RecordedLook {
  const { phase, step, deadline } = request
  const { arms, cohorts, breaches, looks, clusters, segments, paired } = evidence
  const opened = new Date(request.opened).toISOString()
  const releases = [request.candidate, request.reference]
  const about = { phase, step, opened, deadline, ...openingOf(request), releases }
  return {
    ...about,
    evidence: digestOf(evidence),
    arms,
    cohorts,
    breaches,
    looks,
    ...(clusters ? { clusters } : {}),
    ...(segments ? { segments } : {}),
    ...(paired ? { paired } : {}),
    judgement,
  }
}

/** @throws SlipwayError ArtifactMismatch if the parts do not have the recorded digest */
export function evidenceOf(project: string, look: RecordedLook): Evidence {
  const { arms, cohorts, breaches, looks, clusters, segments, paired } = look
  const { asOf } = look.judgement.numbers
  const parts = { project, asOf, arms, cohorts, breaches, looks, ...(paired ? { paired } : {}) }
  const evidence: Evidence = clusters
    ? { schema: 'slipway.evidence/2', ...parts, clusters, ...(segments ? { segments } : {}) }
    : { schema: 'slipway.evidence/1', ...parts }
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
  const look = entry?.body
  // Event time continues from one opening to the next: until the first look of this one, the newest is of an earlier
  // opening.
  return (look?.opening ?? 0) === opening ? look : undefined
}

export const instantOf = ({ judgement }: RecordedLook): number => Date.parse(judgement.numbers.asOf)

/** The earlier looks that a look at `asOf` takes into account, oldest first, one per instant. */
export const looksBefore = (newest: RecordedLook | undefined, asOf: number): PastLook[] =>
  newest === undefined
    ? []
    : [...newest.looks, pastLook(newest.judgement)].filter((look) => Date.parse(look.asOf) < asOf)
