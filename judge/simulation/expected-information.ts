import { DAY_MS, durationMs } from '../../contracts/duration.js'
import { exposureEnds } from '../../contracts/exposure.js'
import type { PromotionPolicy } from '../../contracts/types.js'
import { SIMULATED_START } from './evidence.js'

/**
 * The value for `groupSequential.plannedInformation` with this traffic: 4Σn₁n₀/(n₁+n₀) over the days that are mature by
 * the deadline, if every step takes its minimum duration, every label arrives and the deadline is not extended.
 */
export function expectedInformation(policy: PromotionPolicy, traffic: number): number {
  const { steps } = policy
  const last = SIMULATED_START + durationMs(policy.deadline) - durationMs(policy.labelHorizon)
  const ends = exposureEnds(policy, SIMULATED_START)
  let [step, began, information] = [0, SIMULATED_START, 0]
  for (let day = SIMULATED_START; day + DAY_MS <= last && day < ends; day += DAY_MS) {
    const share = (steps[step]?.weight ?? 0) / 10_000
    information += 4 * traffic * share * (1 - share)
    const over = day + DAY_MS - began >= durationMs(steps[step]?.atLeast ?? '0s')
    if (over && step < steps.length - 1) {
      step += 1
      began = day + DAY_MS
    }
  }
  return information / (policy.judge.designEffect ?? 1)
}
