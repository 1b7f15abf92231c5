/** Expected results. Naive rules must show their known failures, otherwise the streams would prove nothing. */
import type { Better } from './better.js'
import type { Entities } from './entities.js'
import { type FalseAlarms, JUDGE, NAIVE } from './false-alarms.js'
import type { Harm } from './harm.js'
import { ALPHA } from './rules.js'
import { FLAT, RAMPED } from './stream.js'

export interface Results {
  readonly falseAlarms: readonly FalseAlarms[]
  readonly harm: readonly Harm[]
  readonly better: Better
  readonly entities: readonly Entities[]
}

export interface Expectation {
  readonly what: string
  readonly holds: boolean
}

/** One percentage point for approximations of the judge: estimated variances, whole counts. */
const HIGHEST_ALARM = ALPHA + 0.01

/** @param z tolerance in standard errors of the simulation: 0 for many runs, 3.1 (one in a thousand) for few */
export function expectations({ falseAlarms, harm, better, entities }: Results, z: number): Expectation[] {
  const slack = (share: number, runs: number) => z * Math.sqrt((share * (1 - share)) / runs)
  const atMost = (what: string, share: number, limit: number, runs: number): Expectation => ({
    what: `${what}: ${percent(share)} ≤ ${percent(limit)}`,
    holds: share <= limit + slack(limit, runs),
  })
  const atLeast = (what: string, share: number, limit: number, runs: number): Expectation => ({
    what: `${what}: ${percent(share)} ≥ ${percent(limit)}`,
    holds: share >= limit - slack(limit, runs),
  })
  const { fixed, plan } = better
  return [
    ...falseAlarms.flatMap(({ schedule, rate, runs, alarms }) =>
      Object.values(JUDGE).map((rule) =>
        atMost(`A/A, ${schedule}, ${rate}, ${rule}`, alarms[rule] ?? 1, HIGHEST_ALARM, runs),
      ),
    ),
    ...falseAlarms.flatMap(({ schedule, rate, runs, alarms }) => {
      const fails = (rule: string, limit: number) =>
        atLeast(`A/A, ${schedule}, ${rate}, naive: ${rule} fails`, alarms[rule] ?? 0, limit, runs)
      const drifts = rate !== falseAlarms[0]?.rate
      return [
        fails(NAIVE.fixedDaily, 0.2),
        ...(schedule === RAMPED.name ? [fails(NAIVE.anyDaily, 0.9), fails(NAIVE.anySequence, 0.9)] : []),
        ...(schedule === FLAT.name ? [fails(NAIVE.anyDaily, 0.2)] : []),
        ...(schedule === RAMPED.name && drifts ? [fails(NAIVE.pooled, 0.9)] : []),
      ]
    }),
    ...harm.map(({ effect, method, rates }) =>
      atMost(`harm of ${percent(effect)}, ${method}: promoted`, rates.promoted, ALPHA, rates.runs),
    ),
    ...harm.map(({ effect, method, rates }) =>
      atLeast(`harm of ${percent(effect)}, ${method}: detected`, rates.rolledBack, 0.8, rates.runs),
    ),
    atLeast('better, fixed horizon: promoted', fixed.promoted, 0.8, plan.runs),
    atMost('better, fixed horizon: promoted', fixed.promoted, 0.9, plan.runs),
    atLeast('better, group-sequential: promoted, of the fixed rate', plan.promoted / fixed.promoted, 0.95, plan.runs),
    {
      what: `better, group-sequential: median of ${plan.days.median} days to the verdict ≤ .9 × ${fixed.days}`,
      holds: plan.days.median <= 0.9 * fixed.days,
    },
    ...entities.flatMap(({ visits, runs, sequence, plan: planned }) => [
      atMost(
        `A/A, ${visits} decisions an entity, sequence, design effect stated`,
        sequence.stated,
        HIGHEST_ALARM,
        runs,
      ),
      atMost(
        `A/A, ${visits} decisions an entity, group-sequential, design effect stated`,
        planned.stated,
        HIGHEST_ALARM,
        runs,
      ),
      ...(visits === 1 ? [atMost('A/A, entities with a single decision', sequence.unaware, HIGHEST_ALARM, runs)] : []),
      ...(visits === 30 ? [atLeast('A/A, 30 decisions an entity, unaware, fails', planned.unaware, 0.2, runs)] : []),
    ]),
  ]
}

export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`
