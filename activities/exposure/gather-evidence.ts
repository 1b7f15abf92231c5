import type { ExposureRequest } from '../../contracts/activities.js'
import { DAY_MS, durationMs, utcDay } from '../../contracts/duration.js'
import { type ExposureStep, firstExposedDay } from '../../contracts/exposure.js'
import type { RecordedLook } from '../../contracts/ledger/index.js'
import type { Breach, Evidence } from '../../contracts/types.js'
import { armsOf, shareOf } from '../../exposure/arms.js'
import { stepInForce } from '../../exposure/step-in-force.js'
import type { CohortCounts, Registry } from '../../registry/index.js'
import { looksBefore } from '../../releases/recorded-looks.js'

/** What the judge sees at `asOf` (event time): this phase's cohorts, and the breaches nobody has acted on yet. */
export async function gatherEvidence(
  registry: Registry,
  request: ExposureRequest,
  {
    steps,
    newest,
    asOf,
    cut,
  }: { steps: readonly ExposureStep[]; newest: RecordedLook | undefined; asOf: number; cut: string },
): Promise<Evidence> {
  const { project, workflowId, phase, policy, opened } = request
  const arms = armsOf(phase)
  const labelHorizonMs = durationMs(policy.labelHorizon)
  const source = request.evidence ?? 'replay'
  const { lossBound } = policy.judge
  const bound = lossBound ? { lossBound } : {}
  // Under an arm's name another release may have answered: production that was moved by hand is another production.
  const releases = [request.candidate, request.reference]
  const all = await registry.evidence.cohorts({
    project,
    workflowId,
    releases,
    asOf,
    labelHorizonMs,
    source,
    cut,
    ...bound,
  })
  const first = utcDay(firstExposedDay(opened))
  const last = utcDay(asOf - DAY_MS)
  // In the phase before, the arm named production meant another release.
  const counted = all.filter(
    ({ day, arm }) => day >= first && day <= last && (arm === arms.challenger || arm === arms.reference),
  )
  const cohorts = counted.map(({ weight: _weight, ...cohort }) => ({
    ...cohort,
    expectedShare: expectedShare(cohort, counted, steps),
  }))
  const breaches = await openBreaches(registry, request, asOf)
  const looks = looksBefore(newest, asOf)
  return { schema: 'slipway.evidence/1', project, asOf: new Date(asOf).toISOString(), arms, cohorts, breaches, looks }
}

/**
 * Breaches up to an instant that no earlier look has acted on. The release a challenger is compared with is not its fault: there a
 * rollback event pauses, since moving nothing and calling a person is all that can help.
 */
export async function openBreaches(
  registry: Pick<Registry, 'ledger'>,
  { project, workflowId, phase, looksAfter }: ExposureRequest,
  asOf: number,
): Promise<Breach[]> {
  const { challenger } = armsOf(phase)
  const entries = await registry.ledger.entries(project, { kind: 'breach', subject: workflowId })
  const stored = entries.map(({ body, seq }) => ({ ...body, seq }))
  // One is stored a moment after its instant, and a look at that instant may have been recorded in between without it.
  const actedOn = stored.some(({ at }) => Date.parse(at) <= looksAfter)
    ? await registry.ledger.newestLook({ project, workflowId, phase, until: looksAfter })
    : null
  const unseen = (seq: number) => actedOn !== null && seq > actedOn.seq
  return stored
    .filter(({ at, seq }) => Date.parse(at) <= asOf && (Date.parse(at) > looksAfter || unseen(seq)))
    .map(({ signal, arm, value, threshold, power, at }) => ({
      signal,
      arm,
      value,
      threshold,
      at,
      power: arm === challenger ? power : 'pause',
    }))
}

/** Mean weight under which a day's decisions were split, over both arms: steps may have begun a little late. */
function weightOn(day: string, cohorts: readonly CohortCounts[]): number | undefined {
  const known = cohorts.filter((cohort) => cohort.day === day)
  const exposed = known.reduce((sum, cohort) => sum + cohort.exposed, 0)
  const total = known.reduce((sum, { exposed: rows, weight }) => sum + rows * (weight ?? Number.NaN), 0)
  return Number.isNaN(total) || exposed === 0 ? undefined : Math.round(total / exposed)
}

/** Basis points of the arm on that day; 0 where neither decisions nor steps say. */
function expectedShare(
  { arm, day }: Pick<CohortCounts, 'arm' | 'day'>,
  cohorts: readonly CohortCounts[],
  steps: readonly ExposureStep[],
): number {
  const weight = weightOn(day, cohorts) ?? stepInForce(steps, Date.parse(day))?.weight
  return weight === undefined ? 0 : shareOf(arm, weight)
}
