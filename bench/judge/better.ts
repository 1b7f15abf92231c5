/**
 * A better candidate: how often and how soon it is promoted. The reference is a test with a fixed horizon, which looks
 * once, at the deadline, at the same level: the highest power of any test that waits until the end.
 */

import { DAY_MS } from '../../contracts/duration.js'
import { SIMULATED_START, simulatedEvidence } from '../../judge/simulation/evidence.js'
import { type Rates, simulateRates } from '../../judge/simulation/rates.js'
import type { SimulatedTraffic } from '../../judge/simulation/simulated-traffic.js'
import { stratifiedEffect } from '../../judge/stratified-effect.js'
import { DEADLINE_DAYS, informationBy, policyOf, STEPPED, sequentialPlan } from './policies.js'
import { drawStream, HORIZON_DAYS } from './stream.js'

const TRAFFIC = 2_000
const RATE = 0.12
const Z = 1.959963984540054
/** Distance of the effect from zero in standard errors at the deadline: the fixed test then promotes about 85 %. */
const AIM = 3

export interface Better {
  readonly effect: number
  readonly fixed: { readonly promoted: number; readonly days: number }
  readonly sequence: Rates
  readonly plan: Rates
}

export function better(size: { runs: number; seed: number }): Better {
  const information = informationBy(DEADLINE_DAYS, TRAFFIC, STEPPED)
  const effect = -(AIM * Math.sqrt((4 * RATE * (1 - RATE)) / information)) / RATE
  const world: SimulatedTraffic = { traffic: TRAFFIC, rate: () => RATE, effect, cost: 1 }
  return {
    effect,
    fixed: { promoted: fixedHorizon(world, size), days: DEADLINE_DAYS },
    sequence: simulateRates(policyOf({}), world, size),
    plan: simulateRates(policyOf(sequentialPlan(information)), world, size),
  }
}

/** Share of runs in which the 95 % interval of the same stratified effect is below zero at the deadline. */
function fixedHorizon(world: SimulatedTraffic, { runs, seed }: { runs: number; seed: number }): number {
  let promoted = 0
  for (let run = 0; run < runs; run += 1) {
    const days = drawStream(world, STEPPED, DEADLINE_DAYS, { seed, run })
    const asOf = SIMULATED_START + DEADLINE_DAYS * DAY_MS
    const shown = simulatedEvidence(days, { asOf, labelHorizonMs: HORIZON_DAYS * DAY_MS, cost: 1, looks: [] })
    const measured = stratifiedEffect(shown.cohorts, 'canary', 'production')
    if (measured && measured.effect + Z * measured.standardError < 0) promoted += 1
  }
  return promoted / runs
}
