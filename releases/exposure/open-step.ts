/** The share of traffic beside production, by day: one ledger entry per step, written before the step's first day. */

import type { ExposureRequest } from '../../contracts/activities.js'
import { isLive } from '../../contracts/evidence-source.js'
import { type ExposureStep, inOrderOfForce } from '../../contracts/exposure.js'
import { exposureClosedKey, stepKey } from '../../contracts/ledger/index.js'
import { endOfExposure, plannedStep } from '../../exposure/planned-steps.js'
import type { Registry } from '../../registry/index.js'

/** @param now epoch ms of event time */
export async function openStep(registry: Registry, request: ExposureRequest, now: number): Promise<void> {
  const { project, workflowId, phase, step, opening } = request
  const append = (body: ExposureStep, key: string) =>
    registry.ledger.append({ project, kind: 'canary_step', subject: workflowId, key, body })
  // The end of exposure is known in advance, so it is recorded before the steps.
  const end = endOfExposure(request)
  if (end) await append(end, exposureClosedKey(workflowId, opening))
  const body = plannedStep(request, now)
  const isOpen = async () => isLive(request) && (await stepsOf(registry, request)).some((known) => known.step === step)
  if (await isOpen()) return
  try {
    await append(body, stepKey(workflowId, { phase, step, opening }))
  } catch (error) {
    // Another attempt, wrongly considered dead, has opened it meanwhile with its own first day: that entry is valid.
    if (!(await isOpen())) throw error
  }
}

/** Recorded steps of the request's phase and opening, in order of force. */
export async function stepsOf(registry: Registry, request: ExposureRequest): Promise<ExposureStep[]> {
  const entries = await registry.ledger.entries(request.project, { kind: 'canary_step', subject: request.workflowId })
  const steps = entries.map(({ body }) => body)
  return inOrderOfForce(
    steps.filter(({ phase, opening = 0 }) => phase === request.phase && opening === (request.opening ?? 0)),
  )
}
