/** Which share of traffic the challenger had on which day: one registry entry a step, written before the step's first day. */

import type { ExposureRequest } from '../../contracts/activities.js'
import { isLive } from '../../contracts/evidence-source.js'
import { type ExposureStep, exposureEnds, firstExposedDay, inOrderOfForce } from '../../contracts/exposure.js'
import { exposureClosedKey, stepKey } from '../../contracts/ledger/index.js'
import { openingOf } from '../../contracts/names.js'
import type { Registry } from '../../registry/index.js'

/** Decision services take a step's share from its first day on; one written this much later than that begins a day later. */
const LATE_MS = 15 * 60_000

/** @param now event time. Live traffic cannot be split after the fact: a step that comes late begins with the next day. */
export async function openStep(registry: Registry, request: ExposureRequest, now: number): Promise<void> {
  const { project, workflowId, phase, step, policy, stepBegan, opened } = request
  if (phase === 'canary') await closeExposure(registry, request)
  const weight = phase === 'canary' ? policy.steps[step]?.weight : policy.probation.holdback
  if (weight === undefined) throw new RangeError(`the policy has no canary step ${step}`)
  const isOpen = async () => isLive(request) && (await stepsOf(registry, request)).some((known) => known.step === step)
  if (await isOpen()) return
  const began = Math.max(opened, stepBegan, isLive(request) ? now - LATE_MS : 0)
  const body: ExposureStep = { phase, step, weight, fromDay: firstExposedDay(began), ...openingOf(request) }
  const key = stepKey(workflowId, body)
  try {
    await registry.ledger.append({ project, kind: 'canary_step', subject: workflowId, key, body })
  } catch (error) {
    // An attempt that was taken for dead and is not has opened it meanwhile, on its own day: that one holds.
    if (!(await isOpen())) throw error
  }
}

/** Where the policy ends exposure before the decision, that is recorded beforehand: a step of weight 0 from that day on. */
async function closeExposure(registry: Registry, request: ExposureRequest): Promise<void> {
  const { project, workflowId, policy, opened, opening } = request
  const fromDay = exposureEnds(policy, opened)
  if (!Number.isFinite(fromDay)) return
  const body: ExposureStep = { phase: 'canary', step: policy.steps.length, weight: 0, fromDay, ...openingOf(request) }
  const key = exposureClosedKey(workflowId, opening)
  await registry.ledger.append({ project, kind: 'canary_step', subject: workflowId, key, body })
}

export async function stepsOf(registry: Registry, request: ExposureRequest): Promise<ExposureStep[]> {
  const entries = await registry.ledger.entries(request.project, { kind: 'canary_step', subject: request.workflowId })
  const steps = entries.map(({ body }) => body)
  return inOrderOfForce(
    steps.filter(({ phase, opening = 0 }) => phase === request.phase && opening === (request.opening ?? 0)),
  )
}
