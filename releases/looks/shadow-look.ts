/**
 * A look at a candidate in the shadow. No entity was given to the candidate, so there are no arms to compare, and no
 * decision of the shadow is evidence of a canary: it judges breaches, the deadline, and with `shadow.paired` the losses
 * on the same requests.
 */
import type { ExposureRequest } from '../../contracts/activities.js'
import { durationMs, utcDay } from '../../contracts/duration.js'
import { evidenceSourceOf } from '../../contracts/evidence-source.js'
import type { RecordedLook, ShadowNumbers } from '../../contracts/ledger/index.js'
import type { Evidence, Paired } from '../../contracts/types.js'
import { armsOf } from '../../exposure/arms.js'
import type { Registry } from '../../registry/index.js'
import type { LookInstant } from './gather-evidence.js'
import { looksBefore } from './recorded-looks.js'

export const shadowEvidence = (
  { project, phase }: ExposureRequest,
  {
    newest,
    breaches,
    paired,
    asOf,
  }: {
    newest: RecordedLook | undefined
    breaches: Evidence['breaches']
    paired: Paired | undefined
    asOf: number
  },
): Evidence => ({
  schema: paired ? 'slipway.evidence/2' : 'slipway.evidence/1',
  project,
  asOf: new Date(asOf).toISOString(),
  arms: armsOf(phase),
  cohorts: [],
  breaches,
  looks: looksBefore(newest, asOf),
  ...(paired ? { clusters: { effect: 0, balanced: 0, coverage: 0, estimate: 0 }, paired } : {}),
})

export async function readShadowNumbers(
  { evidence }: Pick<Registry, 'evidence'>,
  request: ExposureRequest,
  { asOf, cut }: LookInstant,
): Promise<ShadowNumbers> {
  const { project, workflowId, candidate, policy, opened } = request
  const query = { project, workflowId, asOf, cut, source: evidenceSourceOf(request) }
  const cohorts = await evidence.cohorts({
    ...query,
    arms: ['shadow'],
    releases: [candidate],
    labelHorizonMs: durationMs(policy.labelHorizon),
  })
  const mature = cohorts.filter((cohort) => cohort.mature && cohort.day >= utcDay(opened))
  return {
    ...(await evidence.shadowNumbers({ ...query, releaseId: candidate, from: opened })),
    mature: mature.reduce((sum, { labelled }) => sum + labelled, 0),
  }
}
