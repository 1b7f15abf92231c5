/** Looks as the chain holds them: what each was shown, and what the judge said. */

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

/** The latest look of a phase and opening; it names all that were before it, so that no other is read. */
export async function newestLook(
  registry: Pick<Registry, 'ledger'>,
  { project, workflowId, phase, opening = 0 }: Pick<ExposureRequest, 'project' | 'workflowId' | 'phase' | 'opening'>,
): Promise<RecordedLook | undefined> {
  const entry = await registry.ledger.newestLook({ project, workflowId, phase })
  const look = entry?.body
  // Event time goes on from one opening to the next: a look of an earlier one is the newest until this one's first.
  return (look?.opening ?? 0) === opening ? look : undefined
}

export const instantOf = ({ judgement }: RecordedLook): number => Date.parse(judgement.numbers.asOf)

/** What a look at `asOf` is told of, oldest first, one an instant; no look is earlier than the newest one but another at its instant. */
export const looksBefore = (newest: RecordedLook | undefined, asOf: number): PastLook[] =>
  newest === undefined
    ? []
    : [...newest.looks, pastLook(newest.judgement)].filter((look) => Date.parse(look.asOf) < asOf)
