/** The share of traffic beside production, by day: one ledger entry per step, written before the step's first day. */

import type { ExposureRequest } from '../../contracts/activities.js'
import { isLive } from '../../contracts/evidence-source.js'
import { type ExposureStep, inOrderOfForce } from '../../contracts/exposure.js'
import { exposureClosedKey, stepKey } from '../../contracts/ledger/index.js'
import { endOfExposure, stepToRecord } from '../../exposure/planned-steps.js'
import type { Registry } from '../../registry/index.js'

/** Records the request's step, or that a pause keeps it from beginning. @param now epoch ms of event time */
export async function openStep(registry: Registry, request: ExposureRequest, now: number): Promise<void> {
  const { project, workflowId, phase, step, opening } = request
  const append = (body: ExposureStep, key: string) =>
    registry.ledger.append({ project, kind: 'canary_step', subject: workflowId, key, body })
  // Replayed traffic is split by what is planned: its days are those of the policy, whenever they are computed.
  const ofStep = async () => (isLive(request) ? await recordedSteps(registry, request) : [])
  const known = await ofStep()
  const body = stepToRecord(request, known, now)
  if (body === null) return
  // The end of exposure is known in advance, so it is recorded before the steps.
  const end = endOfExposure(request)
  if (end) await append(end, exposureClosedKey(workflowId, opening))
  const again = known.filter((one) => one.step === step).length
  try {
    await append(body, stepKey(workflowId, { phase, step, opening }, again))
  } catch (error) {
    // Another attempt, wrongly considered dead, has recorded it meanwhile with its own first day: that entry is valid.
    if ((await ofStep()).length === known.length) throw error
  }
}

/** Steps of the request's phase and opening, in order of their record. */
async function recordedSteps(registry: Registry, request: ExposureRequest): Promise<ExposureStep[]> {
  const entries = await registry.ledger.entries(request.project, { kind: 'canary_step', subject: request.workflowId })
  return entries
    .map(({ body }) => body)
    .filter(({ phase, opening = 0 }) => phase === request.phase && opening === (request.opening ?? 0))
}

/** Recorded steps of the request's phase and opening, in order of force. */
export const stepsOf = async (registry: Registry, request: ExposureRequest): Promise<ExposureStep[]> =>
  inOrderOfForce(await recordedSteps(registry, request))
