/** The steps that a policy plans, and the day on which each begins. Pure. */
import type { ExposureRequest } from '../contracts/activities.js'
import { isLive } from '../contracts/evidence-source.js'
import { type ExposureStep, exposureEnds, firstExposedDay, heldStep } from '../contracts/exposure.js'
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

/**
 * What is to be recorded of a step of live traffic. Its share begins with its first day, up to a day after its record,
 * and a pause means that no wider step begins. A step that is not recorded yet waits for the resume; one whose first
 * day is still to come is recorded again with the share in force. After the resume it is recorded once more.
 * @param known recorded steps of the phase and opening, in order of their record @param now epoch ms of event time
 * @returns null when nothing is to be recorded
 */
export function stepToRecord(
  request: ExposureRequest,
  known: readonly ExposureStep[],
  now: number,
): ExposureStep | null {
  const planned = plannedStep(request, now)
  const last = lastOf(request, known)
  const isWider = request.phase === 'canary' && (request.step > 0 || request.policy.shadow !== undefined)
  if (!isLive(request) || !request.paused || !isWider) return last?.weight === planned.weight ? null : planned
  return heldStep(known, now)
}

/**
 * Event instant (epoch ms) from which the least duration of a step counts: where it was recorded late, its first day.
 * @param known as of `stepToRecord`, or in order of force
 */
export function stepBeganAt(request: ExposureRequest, known: readonly ExposureStep[]): number {
  const last = lastOf(request, known)
  // The share of the first step begins with its record, not with its first day.
  const late = last && last.step > 0 && isLive(request) && last.fromDay > firstExposedDay(request.stepBegan)
  return late ? last.fromDay : request.stepBegan
}

const lastOf = ({ step }: ExposureRequest, known: readonly ExposureStep[]): ExposureStep | undefined =>
  known.findLast((one) => one.step === step)

/** The end of a canary's exposure, a step of weight 0, where the policy ends it before the decision; otherwise null. */
export function endOfExposure(request: ExposureRequest): ExposureStep | null {
  const { phase, policy, opened } = request
  const fromDay = exposureEnds(policy, opened)
  if (phase !== 'canary' || !Number.isFinite(fromDay)) return null
  return { phase, step: policy.steps.length, weight: 0, fromDay, ...openingOf(request) }
}
