/** Releases that begin in a judged shadow and whose candidate never differs in its mean: every conclusion is false. */

import { binary, type PairWorld } from '../../../../judge/simulation/paired/pairs.js'
import { simulateRelease } from '../../../../judge/simulation/paired/release.js'
import type { World } from '../../../../judge/simulation/stream/world.js'
import { informationBy, STEPPED } from '../../policies.js'
import { METHODS, type Method, policy2 } from '../methods.js'

export interface PairedClaims {
  readonly row: string
  readonly method: Method
  readonly runs: number
  readonly promoted: number
  readonly rolledBack: number
  /** Rolled back by the shadow alone, and promoted by it. */
  readonly byShadow: number
  readonly counted: number
  readonly limit: number
}

const TRAFFIC = 1_000
/** α and one point. */
const LIMIT = 0.06
const LASTS_DAYS = 7
const DEADLINE_DAYS = 21

interface Row {
  readonly name: string
  readonly pairs: Omit<PairWorld, 'requests'>
  readonly highest: number | null
  readonly canary?: Partial<World>
  /** Conclusions about the days that were seen are true where effects differ by day: promotions count only. */
  readonly promotionsOnly?: boolean
}

export const PAIRED_ROWS: readonly Row[] = [
  { name: 'other losses for 10 %', pairs: { differing: 0.1, difference: binary }, highest: 1 },
  { name: 'other losses for 2 %', pairs: { differing: 0.02, difference: binary }, highest: 1 },
  {
    name: 'skewed: one of 5 for five of −1',
    pairs: { differing: 0.06, difference: (random) => (random() < 1 / 6 ? 5 : -1) },
    highest: 5,
  },
  {
    name: 'log-normal, σ = 2',
    pairs: {
      differing: 0.2,
      difference: (random) => {
        const loss = () => Math.exp(2 * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()) - 2)
        return loss() - loss()
      },
    },
    highest: null,
    canary: { loss: { kind: 'lognormal', sigma: 2 }, rate: () => 1 },
  },
  {
    name: '10 requests an entity, better or worse off',
    pairs: { differing: 0.2, difference: binary, visits: 10 },
    highest: 1,
    canary: { entities: { visits: 10, icc: 0.186 } },
  },
  {
    name: 'effects differ by day',
    pairs: { differing: 0.1, difference: binary, daySd: 0.1 },
    highest: 1,
    promotionsOnly: true,
  },
]

/**
 * A release takes twice as long as a canary, so half as many are simulated.
 * @param part of `parts`, as in `falseClaims`
 */
export const pairedClaims = ({ runs, seed }: { runs: number; seed: number }, part = 0, parts = 1): PairedClaims[] =>
  PAIRED_ROWS.filter((_, index) => index % parts === part).flatMap((row) =>
    METHODS.filter((method) => method !== 'bounded' || row.highest !== null).map((method) =>
      claimsOf(row, method, { runs: Math.ceil(runs / 2), seed }),
    ),
  )

export function claimsOf(row: Row, method: Method, { runs, seed }: { runs: number; seed: number }): PairedClaims {
  const information = informationBy(DEADLINE_DAYS, TRAFFIC, STEPPED)
  const policy = {
    ...policy2({ method, information, highest: row.highest }),
    deadline: `${DEADLINE_DAYS}d`,
    shadow: {
      share: 10_000,
      lasts: `${LASTS_DAYS}d`,
      paired: { onHarm: 'rollback' as const, canaryMinMature: 50 },
    },
  }
  const worlds = {
    pairs: { requests: TRAFFIC, ...row.pairs },
    canary: { traffic: TRAFFIC, rate: () => 0.12, effect: 0, cost: 1, ...row.canary },
  }
  let [promoted, rolledBack, byShadow] = [0, 0, 0]
  for (let run = 0; run < runs; run += 1) {
    const { verdict, reason } = simulateRelease(policy, worlds, seed, run)
    if (verdict === 'promoted') promoted += 1
    if (verdict === 'rolled_back') rolledBack += 1
    if (verdict !== 'held' && reason.endsWith('_in_shadow')) byShadow += 1
  }
  return {
    row: row.name,
    method,
    runs,
    promoted: promoted / runs,
    rolledBack: rolledBack / runs,
    byShadow: byShadow / runs,
    counted: (promoted + (row.promotionsOnly ? 0 : rolledBack)) / runs,
    limit: LIMIT,
  }
}
