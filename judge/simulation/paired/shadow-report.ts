/** What the shadow of a policy is worth: whole releases that begin in it, with and without its judgement. */
import type { PromotionPolicy } from '../../../contracts/types.js'
import { type Rates, ratesOf } from '../rates.js'
import type { World } from '../stream/world.js'
import { pairsOf } from './pairs.js'
import { simulateRelease } from './release.js'

export interface ShadowReport {
  /** Share of the requests on which the candidate's loss is another than production's. */
  readonly differing: number
  /** Releases that begin in the shadow of the policy, judged where the policy says so; days from its opening. */
  readonly same: Rates
  readonly worstAllowed: Rates
  readonly asked: Rates
  /** The candidate asked about, without a shadow. */
  readonly canaryAlone: Rates
  /** The candidate asked about, after a shadow that is not judged. */
  readonly notJudged: Rates
  /**
   * Median days to a verdict that the judgement of the shadow saves, against the canary alone; below 0 where it costs
   * days.
   */
  readonly daysSaved: number
}

interface Asked {
  readonly world: Omit<World, 'effect'>
  readonly differing: number
  readonly worst: number
  readonly effect: number
  readonly runs: number
  readonly seed: number
}

/** Of a policy with a shadow. */
export function shadowReport(policy: PromotionPolicy, asked: Asked): ShadowReport {
  const { world, differing, worst, effect, runs, seed } = asked
  const { shadow, ...alone } = policy
  const { paired: _, ...notJudged } = shadow ?? { share: 10_000, lasts: '0s' }
  const rates = (of: PromotionPolicy, relative: number) => {
    const canary = { ...world, effect: relative }
    const pairs = pairsOf(canary, of.shadow?.share ?? 10_000, differing)
    return ratesOf(Array.from({ length: runs }, (__, run) => simulateRelease(of, { pairs, canary }, seed, run)))
  }
  const judged = rates(policy, effect)
  const canaryAlone = rates(alone, effect)
  return {
    differing,
    same: rates(policy, 0),
    worstAllowed: rates(policy, worst),
    asked: judged,
    canaryAlone,
    notJudged: rates({ ...alone, shadow: notJudged }, effect),
    daysSaved: canaryAlone.days.median - judged.days.median,
  }
}
