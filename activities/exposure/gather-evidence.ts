import { DAY_MS, durationMs, utcDay } from '../../contracts/duration.js'
import type { Breach, Evidence } from '../../contracts/types.js'
import { firstExposedDay } from '../../judge/index.js'
import type { Registry } from '../../registry/index.js'
import type { ExposureRequest } from '../types.js'
import { looksBefore } from './recorded-looks.js'
import { type ExposureStep, stepOn } from './weights.js'

/** What the judge sees at `asOf` (event time): this phase's cohorts, and the breaches nobody has acted on yet. */
export async function gatherEvidence(
  registry: Registry,
  request: ExposureRequest,
  steps: readonly ExposureStep[],
  asOf: number,
): Promise<Evidence> {
  const { project, workflowId, phase, policy, opened } = request
  const arms =
    phase === 'canary'
      ? ({ challenger: 'canary', reference: 'production' } as const)
      : ({ challenger: 'production', reference: 'holdback' } as const)
  const labelHorizonMs = durationMs(policy.labelHorizon)
  const { lossBound } = policy.judge
  const all = await registry.cohorts({ project, workflowId, asOf, labelHorizonMs, ...(lossBound ? { lossBound } : {}) })
  const first = utcDay(firstExposedDay(opened))
  const last = utcDay(asOf - DAY_MS)
  // In the phase before, the arm named production meant another release.
  const cohorts = all
    .filter(({ day, arm }) => day >= first && day <= last && (arm === arms.challenger || arm === arms.reference))
    .map((cohort) => ({ ...cohort, expectedShare: expectedShare(steps, cohort.day, cohort.arm) }))
  const breaches = (await registry.entries(project, { kind: 'breach', subject: workflowId }))
    .map((entry) => entry.body as unknown as Breach)
    .filter(({ at }) => Date.parse(at) > request.looksAfter && Date.parse(at) <= asOf)
  const looks = await looksBefore(registry, request, asOf)
  return { schema: 'slipway.evidence/1', project, asOf: new Date(asOf).toISOString(), arms, cohorts, breaches, looks }
}

/** Basis points of one arm on one day. */
function expectedShare(steps: readonly ExposureStep[], day: string, arm: string): number {
  const step = stepOn(steps, Date.parse(day))
  if (!step) return 0
  return arm === 'canary' || arm === 'holdback' ? step.weight : 10_000 - step.weight
}
