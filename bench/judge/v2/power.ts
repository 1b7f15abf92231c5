/** What judge 2 costs in power: the same candidates under the same policy, judged by version 1 and by version 2. */
import type { JudgePolicy, PromotionPolicy } from '../../../contracts/types.js'
import { type Rates, simulateRates } from '../../../judge/simulation/rates.js'
import type { World } from '../../../judge/simulation/stream/world.js'
import { DEADLINE_DAYS, informationBy, STEPPED } from '../policies.js'
import { type Method, policy2 } from './methods.js'

const TRAFFIC = 2_000
const RATE = 0.12
/** Distance of the better candidate's effect from zero in standard errors at the deadline. */
const AIM = 3
const HARM = 0.2

export interface Power {
  readonly candidate: 'better' | 'harmful'
  readonly effect: number
  readonly judge: string
  readonly method: Method
  readonly acrossDays: 'fixed' | 'random'
  /** Absent for judge 1. */
  readonly comparedWith1: boolean
  readonly rates: Rates
}

export function power(size: { runs: number; seed: number }, part = 0, parts = 1): Power[] {
  const information = informationBy(DEADLINE_DAYS, TRAFFIC, STEPPED)
  const better = -(AIM * Math.sqrt((4 * RATE * (1 - RATE)) / information)) / RATE
  const margins = { objective: 'non_inferiority', nonInferiorityMargin: 0.05 * RATE } as const
  const of = (method: Method, judge: Partial<JudgePolicy> = {}) => policy2({ method, information, highest: 1, judge })
  const rows: readonly [judge: string, method: Method, acrossDays: 'fixed' | 'random'][] = [
    ['1', 'confidence_sequence', 'fixed'],
    ['2', 'confidence_sequence', 'fixed'],
    ['1', 'group_sequential', 'fixed'],
    ['2', 'group_sequential', 'fixed'],
    ['2', 'bounded', 'fixed'],
    ['2', 'confidence_sequence', 'random'],
    ['2', 'group_sequential', 'random'],
  ]
  return rows
    .filter((_, index) => index % parts === part)
    .flatMap(([judge, method, acrossDays]) =>
      (['better', 'harmful'] as const).map((candidate): Power => {
        const effect = candidate === 'better' ? better : HARM
        const world: World = { traffic: TRAFFIC, rate: () => RATE, effect, cost: 1 }
        const asked = of(method, {
          ...(acrossDays === 'random' ? { acrossDays } : {}),
          ...(candidate === 'better' ? {} : margins),
        })
        const policy = judge === '1' ? version1(asked) : asked
        return {
          candidate,
          effect,
          judge,
          method,
          acrossDays,
          comparedWith1: judge === '2' && acrossDays === 'fixed' && method !== 'bounded',
          rates: simulateRates(policy, world, size),
        }
      }),
    )
}

const version1 = (policy: PromotionPolicy): PromotionPolicy => ({ ...policy, schema: 'slipway.policy/1' })
