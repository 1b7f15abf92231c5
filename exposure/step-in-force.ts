/** The step of a canary or probation that is in force at an instant of event time. Pure. */
import { eventNow } from '../contracts/clock.js'
import type { ExposedRun, ExposureStep } from '../contracts/exposure.js'

/**
 * The last step that has begun by an instant.
 * @param steps in order of force
 * @param instant epoch ms of event time
 */
export const stepInForce = (steps: readonly ExposureStep[], instant: number): ExposureStep | undefined =>
  steps.filter(({ fromDay }) => fromDay <= instant).at(-1)

/**
 * Basis points of the arm beside production for a request that arrives now. A step's share begins with its first day;
 * the first step begins at once, because the part of a day before it is not judged.
 * @param wallNow wall time in epoch ms
 */
export function weightInForce({ phase, input, steps }: ExposedRun, wallNow: number): number {
  // From the promotion on, before the step is written: an entity must not switch arms more than once.
  if (phase === 'probation') return input.policy.probation.holdback
  const step = stepInForce(steps, eventNow(input.clock, wallNow)) ?? steps[0]
  return step?.weight ?? 0
}
