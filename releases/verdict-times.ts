/** When a release can have a verdict: what its policy asks for, and how fast its time runs. */
import { DAY_MS, durationMs } from '../contracts/duration.js'
import { isLive } from '../contracts/evidence-source.js'
import type { PromotionPolicy, ReleaseInput } from '../contracts/types.js'

/** Event time of all steps, or of the exposure where the policy ends it earlier. */
export function exposedMs({ steps, exposureLasts }: Pick<PromotionPolicy, 'steps' | 'exposureLasts'>): number {
  const allSteps = steps.reduce((sum, { atLeast }) => sum + durationMs(atLeast), 0)
  return exposureLasts === undefined ? allSteps : Math.min(allSteps, durationMs(exposureLasts))
}

/**
 * The first cohort is the first whole day after the opening; it is mature when that day and the horizon have passed.
 */
export const firstCohortMs = ({ labelHorizon }: Pick<PromotionPolicy, 'labelHorizon'>): number =>
  durationMs(labelHorizon) + DAY_MS

/** Wall time after the opening of the canary, in ms. */
export interface VerdictTimes {
  /** The first instant at which matured labels can decide. */
  readonly earliest: number
  /** Of a promotion: the end of its probation, which is its verdict. */
  readonly promoted: number
  /** A speed at which a promotion takes at most `QUICK_MS`; null for live traffic, which cannot be sped up. */
  readonly quickSpeed: number | null
}

const QUICK_MS = 5 * 60_000

export function verdictTimes({ policy, clock, trigger }: Pick<ReleaseInput, 'policy' | 'clock' | 'trigger'>) {
  const shadow = policy.shadow === undefined ? 0 : durationMs(policy.shadow.lasts)
  const decided = shadow + Math.max(firstCohortMs(policy), exposedMs(policy))
  const promoted = decided + durationMs(policy.probation.lasts)
  const quickSpeed = isLive(trigger) ? null : 10 ** Math.max(0, Math.ceil(Math.log10(promoted / QUICK_MS)))
  return { earliest: decided / clock.speed, promoted: promoted / clock.speed, quickSpeed } satisfies VerdictTimes
}
