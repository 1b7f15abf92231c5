/**
 * What a judgement means for the current step of a canary or probation. Pure, so that a simulation steps as a real
 * canary does.
 */
import { HARM_IN_SHADOW } from '../contracts/activities.js'
import { durationMs } from '../contracts/duration.js'
import { type ExposurePhase, exposureEnds } from '../contracts/exposure.js'
import type { Judgement, PromotionPolicy } from '../contracts/types.js'

/** Instants are epoch ms of event time. */
export interface LookContext {
  readonly policy: PromotionPolicy
  readonly phase: ExposurePhase
  readonly asOf: number
  /** Instant at which the phase opened. */
  readonly opened: number
  readonly deadline: number
  readonly step: number
  readonly stepBegan: number
  /** While paused only harm or a breach has an effect before the deadline. */
  readonly paused: boolean
  /** Promotion is permitted and waits for a person. */
  readonly awaitsApproval?: boolean
  /** An operator asked for a judgement: `now` at the look that answers, `waiting` at earlier looks that are due. */
  readonly asked: 'no' | 'waiting' | 'now'
  /** Mature labels of shadow decisions; only in the shadow. */
  readonly shadowMature?: number
}

export type LookOutcome = 'promote' | 'rollback' | 'hold' | 'pause' | 'step_over' | 'undecided'

/** @returns undefined while the step continues */
export function afterLook(judged: Judgement, context: LookContext): LookOutcome | undefined {
  const { policy, phase, asOf, deadline, paused, awaitsApproval, asked, step } = context
  if (judged.action === 'rollback') return 'rollback'
  if (phase === 'probation') return deadline <= asOf ? 'hold' : undefined
  // Measured harm, which a policy may answer with a hold; it waits for nothing.
  if (judged.action === 'hold' && judged.reason === HARM_IN_SHADOW) return 'hold'
  if (judged.action === 'pause') return 'pause'
  if (phase === 'shadow') return afterShadow(judged, context)
  if (asked === 'waiting') return undefined
  if (asked === 'now') return judged.action === 'promote' ? 'promote' : 'undecided'
  // The wait for a person ends with the deadline.
  if (paused || awaitsApproval) return deadline <= asOf ? 'hold' : undefined
  if (judged.action === 'hold') return 'hold'
  const closed = asOf >= exposureEnds(policy, context.opened)
  if (!closed && !stepIsDone(judged, context)) return undefined
  if (!closed && step < policy.steps.length - 1) return 'step_over'
  return judged.action === 'promote' ? 'promote' : undefined
}

/** A pause of the shadow keeps the first step from beginning. Its deadline holds all the same. */
function afterShadow({ action }: Judgement, context: LookContext): LookOutcome | undefined {
  const { policy, opened, asOf, paused, shadowMature = 0 } = context
  const { lasts, minMature = 0 } = policy.shadow ?? {}
  const isOver = lasts === undefined || (asOf - opened >= durationMs(lasts) && shadowMature >= minMature)
  if (isOver && !paused) return 'step_over'
  return action === 'hold' ? 'hold' : undefined
}

function stepIsDone({ numbers }: Judgement, { policy, step, stepBegan, asOf }: LookContext): boolean {
  const current = policy.steps[step]
  if (!current) return true
  return asOf - stepBegan >= durationMs(current.atLeast) && numbers.mature.challenger >= (current.minMature ?? 0)
}
