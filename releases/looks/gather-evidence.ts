import type { ExposureRequest } from '../../contracts/activities.js'
import { DAY_MS, durationMs, utcDay } from '../../contracts/duration.js'
import { evidenceSourceOf } from '../../contracts/evidence-source.js'
import { type ExposureStep, firstExposedDay } from '../../contracts/exposure.js'
import type { RecordedLook } from '../../contracts/ledger/index.js'
import type { Evidence } from '../../contracts/types.js'
import { armsOf, shareOf } from '../../exposure/arms.js'
import { stepInForce } from '../../exposure/step-in-force.js'
import type { CohortCounts, Registry } from '../../registry/index.js'
import { measureSegments } from './measure-segments.js'
import { looksBefore } from './recorded-looks.js'
import { withEntities } from './with-entities.js'

export interface LookInstant {
  /** Epoch ms of event time. */
  readonly asOf: number
  /** The database snapshot that every number of the look is read from. */
  readonly cut: string
}

/** What the judge is given: this phase's cohorts, and the breaches that no look has acted on. */
export async function gatherEvidence(
  registry: Registry,
  request: ExposureRequest,
  {
    steps,
    newest,
    breaches,
    asOf,
    cut,
  }: LookInstant & {
    steps: readonly ExposureStep[]
    newest: RecordedLook | undefined
    breaches: Evidence['breaches']
  },
): Promise<Evidence> {
  const { project, workflowId, phase, policy, opened } = request
  const arms = armsOf(phase)
  const { lossBound } = policy.judge
  const query = {
    project,
    workflowId,
    // After a move by hand another release answers under the same arm.
    releases: [request.candidate, request.reference],
    asOf,
    labelHorizonMs: durationMs(policy.labelHorizon),
    source: evidenceSourceOf(request),
    cut,
    ...(lossBound ? { lossBound } : {}),
  }
  const all = await registry.evidence.cohorts(query)
  // In the phase before, the arm named production meant another release.
  const first = utcDay(firstExposedDay(opened))
  const last = utcDay(asOf - DAY_MS)
  const counted = all.filter(
    ({ day, arm }) => day >= first && day <= last && (arm === arms.challenger || arm === arms.reference),
  )
  const cohorts = counted.map(({ weight: _weight, ...cohort }) => ({
    ...cohort,
    expectedShare: expectedShare(cohort, counted, steps),
  }))
  const looks = looksBefore(newest, asOf)
  const rest = { project, asOf: new Date(asOf).toISOString(), arms, breaches, looks }
  if (policy.schema === 'slipway.policy/1') return { schema: 'slipway.evidence/1', ...rest, cohorts }
  const ofDays = { ...query, ...arms, firstDay: first, lastDay: last }
  const sums = await registry.evidence.entitySums(ofDays)
  const segments = await measureSegments(registry, policy, ofDays)
  return { schema: 'slipway.evidence/2', ...rest, ...withEntities(cohorts, sums), ...(segments ? { segments } : {}) }
}

/** Basis points of the arm on that day; 0 where neither decisions nor steps show it. */
function expectedShare(
  { arm, day }: Pick<CohortCounts, 'arm' | 'day'>,
  cohorts: readonly CohortCounts[],
  steps: readonly ExposureStep[],
): number {
  const weight = meanWeight(day, cohorts) ?? stepInForce(steps, Date.parse(day))?.weight
  return weight === undefined ? 0 : shareOf(arm, weight)
}

/** Mean weight with which a day's decisions of both arms were split: a step may have begun a little late. */
function meanWeight(day: string, cohorts: readonly CohortCounts[]): number | undefined {
  const known = cohorts.filter((cohort) => cohort.day === day)
  const exposed = known.reduce((sum, cohort) => sum + cohort.exposed, 0)
  const total = known.reduce((sum, { exposed: rows, weight }) => sum + rows * (weight ?? Number.NaN), 0)
  return Number.isNaN(total) || exposed === 0 ? undefined : Math.round(total / exposed)
}
