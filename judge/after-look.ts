/** What a judgement means for a canary at the step it is on. Pure, so that a simulation steps as the real thing does. */
import { durationMs } from '../contracts/duration.js'
import { type ExposurePhase, exposureEnds } from '../contracts/exposure.js'
import type { Judgement, PromotionPolicy } from '../contracts/types.js'

/** Instants are epoch ms of event time. */
export interface LookContext {
  readonly policy: PromotionPolicy
  readonly phase: ExposurePhase
  readonly asOf: number
  /** When the phase opened. */
  readonly opened: number
  readonly deadline: number
  readonly step: number
  readonly stepBegan: number
  /** While paused only harm or a breach gets through. */
  readonly paused: boolean
  /** Promotion was permitted and waits for a person. */
  readonly awaitsApproval?: boolean
  /** An operator asked for a judgement: `waiting` at looks that are due before the one that answers. */
  readonly asked: 'no' | 'waiting' | 'now'
}

export type LookOutcome = 'promote' | 'rollback' | 'hold' | 'pause' | 'step_over' | 'undecided'

/** Undefined: go on waiting. */
export function afterLook(judged: Judgement, context: LookContext): LookOutcome | undefined {
  const { policy, phase, asOf, deadline, paused, awaitsApproval, asked, step } = context
  if (judged.action === 'rollback') return 'rollback'
  if (phase === 'probation') return deadline <= asOf ? 'hold' : undefined
  if (judged.action === 'pause') return 'pause'
  if (asked === 'waiting') return undefined
  if (asked === 'now') return judged.action === 'promote' ? 'promote' : 'undecided'
  // A person is waited for, but not for ever.
  if (paused || awaitsApproval) return deadline <= asOf ? 'hold' : undefined
  if (judged.action === 'hold') return 'hold'
  const closed = asOf >= exposureEnds(policy, context.opened)
  if (!closed && !stepIsDone(judged, context)) return undefined
  if (!closed && step < policy.steps.length - 1) return 'step_over'
  return judged.action === 'promote' ? 'promote' : undefined
}

function stepIsDone({ numbers }: Judgement, { policy, step, stepBegan, asOf }: LookContext): boolean {
  const current = policy.steps[step]
  if (!current) return true
  return asOf - stepBegan >= durationMs(current.atLeast) && numbers.mature.challenger >= (current.minMature ?? 0)
}
