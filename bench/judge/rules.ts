/**
 * Rules that look once a day and may claim at any look that the arms differ. The naive rules are those of common canary
 * tools; they use the same stream, loss, level and minimum number of labels as the judge.
 */

import { DAY_MS } from '../../contracts/duration.js'
import type { PastLook, PromotionPolicy } from '../../contracts/types.js'
import { halfWidth } from '../../judge/confidence-sequence.js'
import { judge } from '../../judge/judge.js'
import { pastLook } from '../../judge/past-look.js'
import { SIMULATED_START, simulatedEvidence } from '../../judge/simulation/evidence.js'
import { arrived, type Counts, HORIZON_DAYS, type StreamDay } from './stream.js'

export const ALPHA = 0.05
export const MIN_LABELS = 200
const TUNED_FOR = 5_000
const Z = 1.959963984540054

/** True when it claims, at the end of this day of the stream, that the arms differ. */
export type Claims = (days: readonly StreamDay[], today: number) => boolean

export interface Rule {
  readonly name: string
  /** Creates a rule for one stream: a rule may remember its earlier looks. */
  readonly start: () => Claims
}

type Labels = 'arrived' | 'mature'
type Test = 'fixed' | 'sequence'

export const naive = (name: string, labels: Labels, test: Test, stratified: boolean): Rule => ({
  name,
  start: () => (days, today) => {
    const strata = days.slice(0, today).map(({ canary, production }, day) => {
      const age = today - day - 1
      const shown = labels === 'mature' && age < HORIZON_DAYS ? -1 : age
      return { canary: arrived(canary, shown), production: arrived(production, shown) }
    })
    const measured = stratified ? strata : [strata.reduce(together, NOTHING)]
    return differs(
      measured.filter(({ canary, production }) => canary.labels > 0 && production.labels > 0),
      test,
    )
  },
})

interface Stratum {
  readonly canary: Counts
  readonly production: Counts
}
const NOTHING: Stratum = { canary: { labels: 0, costly: 0 }, production: { labels: 0, costly: 0 } }

const add = (a: Counts, b: Counts): Counts => ({ labels: a.labels + b.labels, costly: a.costly + b.costly })
const together = (a: Stratum, b: Stratum): Stratum => ({
  canary: add(a.canary, b.canary),
  production: add(a.production, b.production),
})

function differs(strata: readonly Stratum[], test: Test): boolean {
  const all = strata.reduce(together, NOTHING)
  if (Math.min(all.canary.labels, all.production.labels) < MIN_LABELS) return false
  let [weights, sum, variance] = [0, 0, 0]
  for (const { canary, production } of strata) {
    const weight = (canary.labels * production.labels) / (canary.labels + production.labels)
    weights += weight
    sum += weight * (canary.costly / canary.labels - production.costly / production.labels)
    variance += weight * weight * (ofMean(canary) + ofMean(production))
  }
  const n = all.canary.labels + all.production.labels
  const squared = variance / (weights * weights)
  const reach =
    test === 'fixed'
      ? Z * Math.sqrt(squared)
      : halfWidth({ n, variance: n * squared, alpha: ALPHA, tunedFor: TUNED_FOR })
  return Math.abs(sum / weights) > reach
}

const ofMean = ({ labels, costly }: Counts): number => ((costly / labels) * (1 - costly / labels)) / labels

/** The judge at one look a day: a claim is a promotion or a rollback. */
export const judged = (name: string, policy: PromotionPolicy): Rule => ({
  name,
  start: () => {
    const looks: PastLook[] = []
    return (days, today) => {
      const asOf = SIMULATED_START + today * DAY_MS
      const evidence = simulatedEvidence(days.slice(0, today), {
        asOf,
        labelHorizonMs: HORIZON_DAYS * DAY_MS,
        cost: 1,
        looks: [...looks],
      })
      const judgement = judge(policy, evidence, NEVER)
      looks.push(pastLook(judgement))
      return judgement.action === 'promote' || judgement.action === 'rollback'
    }
  },
})

const NEVER = new Date(SIMULATED_START + 3_650 * DAY_MS).toISOString()
