/** A whole simulated canary, with the judge, the widening rules and the looks of a real one. */
import { DAY_MS, durationMs } from '../../contracts/duration.js'
import type { PastLook, PromotionPolicy } from '../../contracts/types.js'
import { judge } from '../judge.js'
import { pastLook } from '../past-look.js'
import { type CanaryVerdict, createProgress } from '../progress.js'
import { SIMULATED_START } from './evidence.js'
import type { Random } from './random.js'
import { createStream } from './stream/stream.js'
import { streamEvidence } from './stream/stream-evidence.js'
import type { StreamDay } from './stream/sums.js'
import type { World } from './stream/world.js'

export interface CanaryEnd {
  readonly verdict: CanaryVerdict
  readonly reason: string
  /** Days from the opening of the canary. */
  readonly days: number
}

/** Without operator actions and without guardrails. */
export function simulateCanary(given: PromotionPolicy, world: World, random: Random): CanaryEnd {
  // A simulated stream has no inputs: its segments are those of the world, or none.
  const { segments, ...rest } = given
  const policy = segments && world.segments ? { ...rest, segments } : rest
  const { lossBound } = policy.judge
  const labelHorizonMs = durationMs(policy.labelHorizon)
  const every = durationMs(policy.lookEvery)
  const progress = createProgress(policy, SIMULATED_START)
  const stream = createStream(world, random)
  const days: StreamDay[] = []
  const looks: PastLook[] = []
  for (let asOf = SIMULATED_START + every; ; asOf += every) {
    // Only whole days that have ended; a step that began within a day counts from the next day.
    for (let day = SIMULATED_START + days.length * DAY_MS; day + DAY_MS <= asOf; day += DAY_MS) {
      days.push(stream.next(progress.weightOn(day)))
    }
    const evidence = streamEvidence(days, { asOf, labelHorizonMs, looks, lossBound })
    const judged = judge(policy, evidence, progress.deadline())
    looks.push(pastLook(judged))
    const verdict = progress.after(judged)
    if (verdict) return { verdict, reason: judged.reason, days: (asOf - SIMULATED_START) / DAY_MS }
  }
}
