/** The steps that a policy plans, and the day on which each begins. Pure. */
import type { ExposureRequest } from '../contracts/activities.js'
import { isLive } from '../contracts/evidence-source.js'
import { type ExposureStep, exposureEnds, firstExposedDay } from '../contracts/exposure.js'
import { openingOf } from '../contracts/names.js'

/** A decision service applies a step's share from its first day. A step that is later than this begins a day later. */
const LATE_MS = 15 * 60_000

/**
 * The step a request is about. Live traffic cannot be split afterwards, so a step that is late begins on the next day.
 * @param now epoch ms of event time
 * @throws RangeError for a step that the policy does not have
 */
export function plannedStep(request: ExposureRequest, now: number): ExposureStep {
  const { phase, step, policy, stepBegan, opened } = request
  const weights = { shadow: 0, canary: policy.steps[step]?.weight, probation: policy.probation.holdback }
  const weight = weights[phase]
  if (weight === undefined) throw new RangeError(`the policy has no canary step ${step}`)
  const began = Math.max(opened, stepBegan, isLive(request) ? now - LATE_MS : 0)
  return { phase, step, weight, fromDay: firstExposedDay(began), ...openingOf(request) }
}

/** The end of a canary's exposure, a step of weight 0, where the policy ends it before the decision; otherwise null. */
export function endOfExposure(request: ExposureRequest): ExposureStep | null {
  const { phase, policy, opened } = request
  const fromDay = exposureEnds(policy, opened)
  if (phase !== 'canary' || !Number.isFinite(fromDay)) return null
  return { phase, step: policy.steps.length, weight: 0, fromDay, ...openingOf(request) }
}
