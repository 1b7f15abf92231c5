import type { PromotionPolicy } from '../../contracts/types.js'
import { type CanaryEnd, simulateCanary } from './canary.js'
import { createRandom } from './random.js'
import type { World } from './stream/world.js'

export interface Rates {
  readonly runs: number
  readonly promoted: number
  readonly rolledBack: number
  readonly held: number
  /** Quantiles of the days to the verdict, over all verdicts. */
  readonly days: { readonly p10: number; readonly median: number; readonly p90: number }
  /** Median days of those promoted, and of those rolled back; null where there was none. */
  readonly daysToPromote: number | null
  readonly daysToRollback: number | null
}

/** Shares of verdicts over `runs` simulated canaries, each with its own random stream. */
export function simulateRates(
  policy: PromotionPolicy,
  world: World,
  { runs, seed }: { runs: number; seed: number },
): Rates {
  return ratesOf(Array.from({ length: runs }, (_, run) => simulateCanary(policy, world, createRandom(seed, run))))
}

export function ratesOf(ends: readonly Pick<CanaryEnd, 'verdict' | 'days'>[]): Rates {
  const runs = ends.length
  const share = (verdict: CanaryEnd['verdict']) => ends.filter((end) => end.verdict === verdict).length / runs
  const daysOf = (verdict?: CanaryEnd['verdict']) =>
    ends.filter((end) => verdict === undefined || end.verdict === verdict).map(({ days }) => days)
  const all = daysOf()
  return {
    runs,
    promoted: share('promoted'),
    rolledBack: share('rolled_back'),
    held: share('held'),
    days: { p10: quantile(all, 0.1) ?? 0, median: quantile(all, 0.5) ?? 0, p90: quantile(all, 0.9) ?? 0 },
    daysToPromote: quantile(daysOf('promoted'), 0.5),
    daysToRollback: quantile(daysOf('rolled_back'), 0.5),
  }
}

/** The smallest value that at least this share of the values does not exceed; null without values. */
export function quantile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null
}
