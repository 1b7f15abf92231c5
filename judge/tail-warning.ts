import type { PromotionPolicy } from '../contracts/types.js'

/** Basis points of the canary from which its arm and production's are at most 4:1 (judge/v2/strata.ts). */
export const BALANCED_FROM = 2_000

/**
 * A small canary rarely sees the largest of unbounded losses, and then looks better.
 * @returns what to change, in a sentence; null where nothing has to be
 */
export function tailWarning({ schema, steps, judge }: PromotionPolicy): string | null {
  const narrow = steps.filter(({ weight }) => weight < BALANCED_FROM)
  if (judge.lossBound || narrow.length === 0) return null
  const shares = narrow.map(({ weight }) => `${weight / 100} %`).join(', ')
  return schema === 'slipway.policy/1'
    ? `losses are unbounded and a promotion is possible at ${shares} of the traffic, where a canary rarely sees the largest of them; state judge.lossBound, or use slipway.policy/2`
    : `losses are unbounded, so days at ${shares} of the traffic do not count for a promotion; state judge.lossBound if there is one`
}
