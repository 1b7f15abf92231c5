/** A whole canary in a simulated world, stepping as the real one does: same judge, same rules of widening, same looks. */
import { DAY_MS, durationMs } from '../../contracts/duration.js'
import type { PastLook, PromotionPolicy } from '../../contracts/types.js'
import { judge } from '../judge.js'
import { pastLook } from '../past-look.js'
import { type CanaryVerdict, createProgress } from '../progress.js'
import { SIMULATED_START, simulatedEvidence, type WeightedDay } from './evidence.js'
import type { Random } from './random.js'
import { drawDay, type World } from './world.js'

export interface CanaryEnd {
  readonly verdict: CanaryVerdict
  readonly reason: string
  /** From the opening of the canary. */
  readonly days: number
}

/** Nobody steers it: a guardrail that would pause has no part in it. */
export function simulateCanary(policy: PromotionPolicy, world: World, random: Random): CanaryEnd {
  const labelHorizonMs = durationMs(policy.labelHorizon)
  const every = durationMs(policy.lookEvery)
  const progress = createProgress(policy, SIMULATED_START)
  const days: WeightedDay[] = []
  const looks: PastLook[] = []
  for (let asOf = SIMULATED_START + every; ; asOf += every) {
    // Whole days that have ended; a step that began within a day counts from the next one.
    for (let day = SIMULATED_START + days.length * DAY_MS; day + DAY_MS <= asOf; day += DAY_MS) {
      const weight = progress.weightOn(day)
      days.push({ weight, ...drawDay(world, days.length, weight, random) })
    }
    const evidence = simulatedEvidence(days, { asOf, labelHorizonMs, cost: world.cost, looks })
    const judged = judge(policy, evidence, progress.deadline())
    looks.push(pastLook(judged))
    const verdict = progress.after(judged)
    if (verdict) return { verdict, reason: judged.reason, days: (asOf - SIMULATED_START) / DAY_MS }
  }
}
