/** A whole simulated canary, with the judge, the widening rules and the looks of a real one. */
import { DAY_MS, durationMs } from '../../contracts/duration.js'
import type { PastLook, PromotionPolicy } from '../../contracts/types.js'
import { judge } from '../judge.js'
import { pastLook } from '../past-look.js'
import { type CanaryVerdict, createProgress } from '../progress.js'
import { SIMULATED_START, simulatedEvidence, type WeightedDay } from './evidence.js'
import type { Random } from './random.js'
import { drawDay, type SimulatedTraffic } from './simulated-traffic.js'

export interface CanaryEnd {
  readonly verdict: CanaryVerdict
  readonly reason: string
  /** Days from the opening of the canary. */
  readonly days: number
}

/** Without operator actions and without guardrails. */
export function simulateCanary(policy: PromotionPolicy, traffic: SimulatedTraffic, random: Random): CanaryEnd {
  const labelHorizonMs = durationMs(policy.labelHorizon)
  const every = durationMs(policy.lookEvery)
  const progress = createProgress(policy, SIMULATED_START)
  const days: WeightedDay[] = []
  const looks: PastLook[] = []
  for (let asOf = SIMULATED_START + every; ; asOf += every) {
    // Only whole days that have ended; a step that began within a day counts from the next day.
    for (let day = SIMULATED_START + days.length * DAY_MS; day + DAY_MS <= asOf; day += DAY_MS) {
      const weight = progress.weightOn(day)
      days.push({ weight, ...drawDay(traffic, days.length, weight, random) })
    }
    const evidence = simulatedEvidence(days, { asOf, labelHorizonMs, cost: traffic.cost, looks })
    const judged = judge(policy, evidence, progress.deadline())
    looks.push(pastLook(judged))
    const verdict = progress.after(judged)
    if (verdict) return { verdict, reason: judged.reason, days: (asOf - SIMULATED_START) / DAY_MS }
  }
}
