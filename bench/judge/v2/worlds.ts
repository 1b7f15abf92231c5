/** A/A streams that are unkind in one way each. The arms never differ, so every claim is a false one. */
import type { World } from '../../../judge/simulation/stream/world.js'

export const TRAFFIC = 1_000
export const DAYS = 30

/** How the limit of a row is counted. */
type Counts = 'all' | 'promotions' | 'none promoted'

export interface Row {
  readonly name: string
  readonly world: World
  /** Bounds of the losses; null where they are unbounded, and `bounded` then winsorises at `clip`. */
  readonly highest: number | null
  readonly acrossDays?: 'fixed' | 'random'
  readonly counts: Counts
  /** Highest share of false claims. */
  readonly limit: number
}

const base = { traffic: TRAFFIC, effect: 0, cost: 1 }
const late = (rate: (day: number) => number, more: Partial<World> = {}): World => ({ ...base, rate, ...more })
const steady = () => 0.12
/** α and one point. */
const LIMIT = 0.06
const binary = { highest: 1, counts: 'all', limit: LIMIT } as const
const unbounded = { highest: null, counts: 'all', limit: LIMIT } as const
const differing = { sd: 0.02 }
const persisting = { sd: 0.02, correlation: 0.3 }
const alike = { sd: 0.02, correlation: 0.6 }

export const ROWS: readonly Row[] = [
  { name: 'binary, 12 %', world: late(steady), ...binary },
  { name: 'binary, 8 → 20 %', world: late((day) => 0.08 + (0.12 * day) / (DAYS - 1)), ...binary },
  { name: 'binary, weekday cycle', world: late((day) => (day % 7 < 5 ? 0.1 : 0.18)), ...binary },
  { name: 'binary, rare: 0.3 %', world: late(() => 0.003), ...binary },
  { name: 'log-normal, σ = 1', world: late(() => 1, { loss: { kind: 'lognormal', sigma: 1 } }), ...unbounded },
  { name: 'log-normal, σ = 2', world: late(() => 1, { loss: { kind: 'lognormal', sigma: 2 } }), ...unbounded },
  { name: 'Pareto, index 1.5', world: late(() => 1, { loss: { kind: 'pareto', index: 1.5 } }), ...unbounded },
  {
    name: 'rare disasters: 200 in 0.05 %',
    world: late(steady, { loss: { kind: 'disasters', share: 0.0005, times: 200 } }),
    ...unbounded,
  },
  { name: '10 decisions an entity, icc .19', world: late(steady, { entities: { visits: 10, icc: 0.186 } }), ...binary },
  { name: '30 decisions an entity, icc .19', world: late(steady, { entities: { visits: 30, icc: 0.186 } }), ...binary },
  {
    name: 'entities of unequal activity, icc .19',
    world: late(steady, { entities: { visits: 10, icc: 0.186, unequal: 1 } }),
    ...binary,
  },
  {
    name: 'one entity makes 60 % of the decisions',
    world: late(steady, { entities: { visits: 10, icc: 0.186, unequal: 2 } }),
    ...binary,
  },
  {
    name: 'labels for 97 %, of losses for 80 %',
    world: late(steady, { coverage: { production: 0.97, canary: 0.97, costly: 0.8 } }),
    ...binary,
  },
  {
    name: 'coverage 95 % and 90 %, drifting rate',
    world: late((day) => 0.08 + (0.12 * day) / (DAYS - 1), { coverage: { production: 0.97, canary: 0.92 } }),
    ...binary,
    counts: 'none promoted',
    limit: 0.005,
  },
  { name: 'effects differ by day, fixed', world: late(steady, { days: differing }), ...binary, counts: 'promotions' },
  { name: 'effects differ by day, random', world: late(steady, { days: differing }), ...binary, acrossDays: 'random' },
  {
    name: 'autocorrelated days (.3), fixed',
    world: late(steady, { days: persisting }),
    ...binary,
    counts: 'promotions',
    limit: 0.1,
  },
  {
    name: 'autocorrelated days (.6), fixed',
    world: late(steady, { days: alike }),
    ...binary,
    counts: 'promotions',
    // Above 2 α: days this much alike are one effect for weeks, which no test of a month can see (docs/decisions/192).
    limit: 0.15,
  },
  {
    name: 'autocorrelated days (.6), random',
    world: late(steady, { days: alike }),
    ...binary,
    acrossDays: 'random',
    limit: 0.1,
  },
]
