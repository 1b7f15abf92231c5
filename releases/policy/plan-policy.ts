/** A policy for known traffic, with its expected verdicts: `slipway judge plan` and the console. */
import { SlipwayError } from '../../contracts/failure.js'
import type { PromotionPolicy } from '../../contracts/types.js'
import { proposePolicy, type Rates, simulateRates } from '../../judge/index.js'
import { type FieldNames, fieldName } from './field-names.js'

export type PlanRequest = Parameters<typeof proposePolicy>[0] & {
  /** Simulated canaries per candidate. */
  readonly runs: number
  readonly seed: number
}

export interface PolicyPlan {
  readonly policy: PromotionPolicy
  /** Days on which the canary has traffic before the deadline. */
  readonly exposedDays: number
  readonly perDay: number
  readonly rate: number
  readonly smallestEffect: number
  readonly candidates: readonly { readonly effect: number; readonly rates: Rates }[]
}

/** @throws SlipwayError BadRequest if the traffic cannot show the effect */
export function planPolicy(request: PlanRequest, names: FieldNames): PolicyPlan {
  const { perDay, rate, smallestEffect, runs, seed } = request
  const smallest = fieldName(names, 'smallest-effect')
  if (rate * (1 + smallestEffect) > 1)
    throw new SlipwayError(
      'BadRequest',
      `a loss ${smallestEffect} times larger would exceed all decisions; lower ${smallest}`,
    )
  const proposal = proposePolicy(request)
  if (!proposal)
    throw new SlipwayError(
      'BadRequest',
      `${perDay} decisions a day cannot show a change of ${smallestEffect} within 120 days, with enough losses in each arm; name a larger ${smallest}, a wider ${fieldName(names, 'ramp')} or more traffic`,
    )
  // No loss is less than none.
  const candidates = [0, smallestEffect, -Math.min(1, smallestEffect)].map((effect) => ({
    effect,
    rates: simulateRates(proposal.policy, { traffic: perDay, rate: () => rate, effect, cost: 1 }, { runs, seed }),
  }))
  return { ...proposal, perDay, rate, smallestEffect, candidates }
}
