/** Losses of the candidate in the shadow beside those of production, for looks of the shadow and of its canary. */
import type { ExposureRequest } from '../../contracts/activities.js'
import { DAY_MS, durationMs, utcDay } from '../../contracts/duration.js'
import { evidenceSourceOf } from '../../contracts/evidence-source.js'
import { failureLossOf } from '../../contracts/scoring-failure.js'
import type { Paired } from '../../contracts/types.js'
import type { Registry } from '../../registry/index.js'
import { stepsOf } from '../exposure/open-step.js'
import type { LookInstant } from './gather-evidence.js'

/**
 * Whole days since this opening's shadow began. Their labels also arrive during the canary.
 * @returns undefined where the policy does not compare them
 */
export async function readPaired(
  registry: Registry,
  request: ExposureRequest,
  { asOf, cut }: LookInstant,
): Promise<Paired | undefined> {
  const { project, workflowId, candidate, reference, phase, policy } = request
  if (!policy.shadow?.paired || phase === 'probation') return undefined
  const [shadow] = await stepsOf(registry, { ...request, phase: 'shadow' })
  if (!shadow) return undefined
  const { lossBound } = policy.judge
  return registry.evidence.pairedSums({
    project,
    workflowId,
    candidate,
    reference,
    firstDay: utcDay(shadow.fromDay),
    lastDay: utcDay(asOf - DAY_MS),
    failureLoss: failureLossOf(policy),
    asOf,
    labelHorizonMs: durationMs(policy.labelHorizon),
    source: evidenceSourceOf(request),
    cut,
    ...(lossBound ? { lossBound } : {}),
  })
}
