/**
 * A canary from look to look, as the release workflow runs it without operator actions: steps, extensions, and its end.
 */
import { HARM_IN_SHADOW } from '../contracts/activities.js'
import { durationMs } from '../contracts/duration.js'
import { exposureEnds } from '../contracts/exposure.js'
import { isSegmentHarm } from '../contracts/segments.js'
import type { Judgement, PromotionPolicy } from '../contracts/types.js'
import { afterLook } from './after-look.js'

export type CanaryVerdict = 'promoted' | 'rolled_back' | 'held'

export interface Progress {
  /** Basis points in force on the day that begins at this instant. */
  weightOn(day: number): number
  /** ISO event time. */
  deadline(): string
  /**
   * Undefined while the canary continues, perhaps wider or with a later deadline. A pause counts as resumed at once.
   */
  after(judged: Judgement): CanaryVerdict | undefined
}

export function createProgress(policy: PromotionPolicy, opened: number): Progress {
  let [step, stepBegan, extensions] = [0, opened, 0]
  const ends = exposureEnds(policy, opened)
  const deadline = () => opened + durationMs(policy.deadline) + extensions * durationMs(policy.extendBy)
  return {
    weightOn: (day) => (day < ends ? (policy.steps[step]?.weight ?? 0) : 0),
    deadline: () => new Date(deadline()).toISOString(),
    after(judged) {
      const asOf = Date.parse(judged.numbers.asOf)
      const at = { policy, asOf, opened, deadline: deadline(), step, stepBegan } as const
      switch (afterLook(judged, { ...at, phase: 'canary', paused: false, asked: 'no' })) {
        case 'promote':
          return 'promoted'
        case 'rollback':
          return 'rolled_back'
        case 'hold':
          if (extensions >= policy.maxExtensions || judged.reason === HARM_IN_SHADOW || isSegmentHarm(judged.reason))
            return 'held'
          extensions += 1
          return undefined
        case 'step_over':
          step += 1
          stepBegan = asOf
          return undefined
        default:
          return undefined
      }
    },
  }
}
