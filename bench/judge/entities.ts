/**
 * A/A streams with returning entities whose decisions are correlated: a fifth of the entities has a loss in 40 % of its
 * decisions, the others in 5 % (12 % in total; intra-class correlation .186). The split is sticky: an entity stays in
 * one arm.
 */
import { binomial, createRandom } from '../../judge/simulation/random.js'
import { informationBy, policyOf, sequentialPlan } from './policies.js'
import { judged } from './rules.js'
import { FLAT, type StreamDay } from './stream.js'

const DAYS = 30
const A_DAY = 2_000
const BAD = { share: 0.2, rate: 0.4 } as const
const GOOD_RATE = 0.05
const RATE = BAD.share * BAD.rate + (1 - BAD.share) * GOOD_RATE
const ICC = (BAD.share * (1 - BAD.share) * (BAD.rate - GOOD_RATE) ** 2) / (RATE * (1 - RATE))

export interface Entities {
  /** Decisions of one entity in the month. */
  readonly visits: number
  readonly designEffect: number
  readonly runs: number
  /** False alarms with a policy that ignores the correlation, and with one that states the design effect. */
  readonly sequence: { readonly unaware: number; readonly stated: number }
  readonly plan: { readonly unaware: number; readonly stated: number }
}

export function entities({ runs, seed }: { runs: number; seed: number }): Entities[] {
  return [1, 3, 10, 30].map((visits) => {
    const designEffect = 1 + (visits - 1) * ICC
    const information = informationBy(DAYS, A_DAY, FLAT)
    const rules = [
      policyOf({}),
      policyOf({ designEffect }),
      policyOf(sequentialPlan(information)),
      policyOf({ designEffect, ...sequentialPlan(information / designEffect) }),
    ].map((policy) => judged('', policy))
    const alarms = rules.map(() => 0)
    for (let run = 0; run < runs; run += 1) {
      const stream = drawEntities(visits, { seed, run })
      rules.forEach((rule, index) => {
        const claims = rule.start()
        let today = 1
        while (today <= DAYS && !claims(stream, today)) today += 1
        if (today <= DAYS) alarms[index] = (alarms[index] ?? 0) + 1
      })
    }
    const share = (index: number) => (alarms[index] ?? 0) / runs
    const both = (index: number) => ({ unaware: share(index), stated: share(index + 1) })
    return { visits, designEffect, runs, sequence: both(0), plan: both(2) }
  })
}

/** About A_DAY decisions a day; each entity has the same probability on each day. */
function drawEntities(visits: number, { seed, run }: { seed: number; run: number }): StreamDay[] {
  const random = createRandom(seed, run)
  const count = Math.round((A_DAY * DAYS) / visits)
  const arm = (size: number) => {
    const bad = binomial(random, size, BAD.share)
    return { bad, good: size - bad }
  }
  const canary = binomial(random, count, 0.5)
  const arms = { canary: arm(canary), production: arm(count - canary) }
  const onDay = ({ bad, good }: { bad: number; good: number }) => {
    const there = { bad: binomial(random, bad, visits / DAYS), good: binomial(random, good, visits / DAYS) }
    return {
      exposed: there.bad + there.good,
      costly: binomial(random, there.bad, BAD.rate) + binomial(random, there.good, GOOD_RATE),
    }
  }
  return Array.from({ length: DAYS }, () => ({
    weight: 5_000,
    canary: onDay(arms.canary),
    production: onDay(arms.production),
  }))
}
