/**
 * The days that a judged shadow saves: the same candidate by a canary alone, after a shadow, and after a judged one.
 */
import type { PromotionPolicy } from '../../../../contracts/types.js'
import { binary } from '../../../../judge/simulation/paired/pairs.js'
import { simulateRelease } from '../../../../judge/simulation/paired/release.js'
import { quantile } from '../../../../judge/simulation/rates.js'
import { DEADLINE_DAYS, informationBy, STEPPED } from '../../policies.js'
import { policy2 } from '../methods.js'

const TRAFFIC = 2_000
const RATE = 0.12
/**
 * Shares of the requests on which the candidate's loss is another: the fewer, the more a comparison request by request
 * sees.
 */
const DIFFERING = [0.1, 0.04]
const HARM = 0.2
export const SHADOW_DAYS = 4

export interface Saving {
  readonly candidate: 'better' | 'harmful'
  /** Share of the requests on which its loss is another. */
  readonly differing: number
  readonly begins: 'canary' | 'shadow' | 'judged shadow'
  readonly runs: number
  readonly promoted: number
  readonly rolledBack: number
  /** Median days from the opening to any verdict, the shadow included. */
  readonly days: number
}

export function savings({ runs, seed }: { runs: number; seed: number }): Saving[] {
  const information = informationBy(DEADLINE_DAYS, TRAFFIC, STEPPED)
  // Three standard errors from zero at the deadline of a canary alone.
  const better = -3 * Math.sqrt((4 * RATE * (1 - RATE)) / information)
  const candidates = (['better', 'harmful'] as const).flatMap((candidate) =>
    DIFFERING.map((differing) => ({ candidate, differing })),
  )
  return candidates.flatMap(({ candidate, differing }) => {
    const effect = candidate === 'better' ? better : HARM * RATE
    const margins = { objective: 'non_inferiority', nonInferiorityMargin: 0.05 * RATE } as const
    const judged = candidate === 'better' ? {} : margins
    const alone = policy2({ method: 'confidence_sequence', information, highest: 1, judge: judged })
    const shadow = { share: 10_000, lasts: `${SHADOW_DAYS}d` }
    const paired = { onHarm: 'rollback' as const, canaryMinMature: 200 }
    const policies: readonly [Saving['begins'], PromotionPolicy][] = [
      ['canary', alone],
      ['shadow', { ...alone, shadow }],
      ['judged shadow', { ...alone, shadow: { ...shadow, paired } }],
    ]
    const worlds = {
      // The mean difference is the effect: worse with half the chance, and this much more or less.
      pairs: {
        requests: TRAFFIC,
        differing,
        difference: (random: () => number) => binary(random, effect / differing / 2),
      },
      canary: { traffic: TRAFFIC, rate: () => RATE, effect: effect / RATE, cost: 1 },
    }
    return policies.map(([begins, policy]): Saving => {
      const ends = Array.from({ length: runs }, (_, run) => simulateRelease(policy, worlds, seed, run))
      const share = (verdict: string) => ends.filter((end) => end.verdict === verdict).length / runs
      return {
        candidate,
        differing,
        begins,
        runs,
        promoted: share('promoted'),
        rolledBack: share('rolled_back'),
        days:
          quantile(
            ends.map((end) => end.days),
            0.5,
          ) ?? 0,
      }
    })
  })
}
