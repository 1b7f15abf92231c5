/** A whole canary in a simulated world, stepping as the real one does: same judge, same rules of widening, same looks. */
import { DAY_MS, durationMs } from '../../contracts/duration.js'
import type { PastLook, PromotionPolicy } from '../../contracts/types.js'
import { afterLook, exposureEnds } from '../after-look.js'
import { judge } from '../judge.js'
import { pastLook } from '../past-look.js'
import { SIMULATED_START, simulatedEvidence, type WeightedDay } from './evidence.js'
import type { Random } from './random.js'
import { drawDay, type World } from './world.js'

export interface CanaryEnd {
  readonly verdict: 'promoted' | 'rolled_back' | 'held'
  readonly reason: string
  /** From the opening of the canary. */
  readonly days: number
}

/** Nobody steers it: an estimate or a guardrail that would pause has no part in it. */
export function simulateCanary(policy: PromotionPolicy, world: World, random: Random): CanaryEnd {
  const opened = SIMULATED_START
  const labelHorizonMs = durationMs(policy.labelHorizon)
  const every = durationMs(policy.lookEvery)
  const days: WeightedDay[] = []
  const looks: PastLook[] = []
  let [step, stepBegan, extensions] = [0, opened, 0]
  for (let asOf = opened + every; ; asOf += every) {
    exposeUntil(asOf, days, (day) => {
      const weight = day < exposureEnds(policy, opened) ? (policy.steps[step]?.weight ?? 0) : 0
      return { weight, ...drawDay(world, (day - opened) / DAY_MS, weight, random) }
    })
    const deadline = opened + durationMs(policy.deadline) + extensions * durationMs(policy.extendBy)
    const evidence = simulatedEvidence(days, { asOf, labelHorizonMs, cost: world.cost, looks })
    const judged = judge(policy, evidence, new Date(deadline).toISOString())
    looks.push(pastLook(judged))
    const context = {
      policy,
      phase: 'canary',
      asOf,
      opened,
      deadline,
      step,
      stepBegan,
      paused: false,
      asked: 'no',
    } as const
    const end = (verdict: CanaryEnd['verdict']) => ({ verdict, reason: judged.reason, days: (asOf - opened) / DAY_MS })
    switch (afterLook(judged, context)) {
      case 'promote':
        return end('promoted')
      case 'rollback':
        return end('rolled_back')
      case 'hold':
        if (extensions >= policy.maxExtensions) return end('held')
        extensions += 1
        break
      case 'step_over':
        step += 1
        stepBegan = asOf
        break
      default:
      // Undefined: goes on waiting. Nobody pauses or asks here.
    }
  }
}

/** Whole days that have ended by `asOf`; a step that began within a day counts from the next one. */
function exposeUntil(asOf: number, days: WeightedDay[], expose: (day: number) => WeightedDay): void {
  for (let day = SIMULATED_START + days.length * DAY_MS; day + DAY_MS <= asOf; day += DAY_MS) days.push(expose(day))
}
