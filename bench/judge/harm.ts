/** A harmful candidate under a non-inferiority policy with a margin of 5 % of production's loss. */
import { type Rates, simulateRates } from '../../judge/simulation/rates.js'
import { DEADLINE_DAYS, informationBy, policyOf, STEPPED, sequentialPlan } from './policies.js'

const TRAFFIC = 4_000
const RATE = 0.12
const MARGIN = 0.05 * RATE

export interface Harm {
  readonly effect: number
  readonly method: 'confidence sequence' | 'group-sequential'
  readonly rates: Rates
}

export function harm(size: { runs: number; seed: number }): Harm[] {
  const lenient = { objective: 'non_inferiority', nonInferiorityMargin: MARGIN } as const
  const plan = sequentialPlan(informationBy(DEADLINE_DAYS, TRAFFIC, STEPPED))
  return [0.1, 0.2].flatMap((effect) => {
    const world = { traffic: TRAFFIC, rate: () => RATE, effect, cost: 1 }
    return [
      { effect, method: 'confidence sequence', rates: simulateRates(policyOf(lenient), world, size) },
      { effect, method: 'group-sequential', rates: simulateRates(policyOf({ ...lenient, ...plan }), world, size) },
    ] as const
  })
}
