/** `slipway.evidence/2` from single decisions, by the definitions of the schema and without any shortcut. */
import type { Cohort, Evidence, PromotionPolicy } from '../../../contracts/types.js'

export interface Row {
  readonly entity: string
  readonly day: string
  readonly arm: 'canary' | 'production'
  /** Null without a label. */
  readonly loss: number | null
  readonly expected?: number
}

export const POLICY: PromotionPolicy = {
  schema: 'slipway.policy/2',
  name: 'test',
  labelHorizon: '3d',
  deadline: '20d',
  maxExtensions: 0,
  extendBy: '7d',
  steps: [{ weight: 5_000, atLeast: '1d' }],
  onCanaryBusy: 'queue',
  judge: {
    alpha: 0.05,
    tunedFor: 5_000,
    nonInferiorityMargin: 0.02,
    harmMargin: 0.01,
    minMature: 20,
    minCoverage: 0.9,
    maxCoverageDifference: 0.03,
    sampleRatioAlpha: 0.001,
    lossBound: { lowest: 0, highest: 1, beyond: 'refuse' },
  },
  lookEvery: '1d',
  manualPromote: 'never',
  probation: { holdback: 1_000, lasts: '4d' },
}

export const under = (judge: Partial<PromotionPolicy['judge']>): PromotionPolicy => ({
  ...POLICY,
  judge: { ...POLICY.judge, ...judge },
})

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
const mean = (values: readonly number[]) => sum(values) / values.length

/** Rows by a key, in order of first appearance. */
function groups<Item>(items: readonly Item[], key: (item: Item) => string): Item[][] {
  const found = new Map<string, Item[]>()
  for (const item of items) found.set(key(item), [...(found.get(key(item)) ?? []), item])
  return [...found.values()]
}

/** Σ over entities of (Σ ± weight × residual)², over days with values in both arms. */
export function clusterSum(rows: readonly Row[], value: (row: Row) => number | null): number {
  const measured = rows.filter((row) => value(row) !== null)
  const valueIn = (row: Row) => value(row) ?? Number.NaN
  const residuals = measured.flatMap((row) => {
    const sameDay = measured.filter(({ day }) => day === row.day)
    const own = sameDay.filter(({ arm }) => arm === row.arm)
    const other = sameDay.length - own.length
    if (other === 0) return []
    const residual = (other / sameDay.length) * (valueIn(row) - mean(own.map(valueIn)))
    return [{ entity: row.entity, residual: row.arm === 'canary' ? residual : -residual }]
  })
  return sum(groups(residuals, ({ entity }) => entity).map((of) => sum(of.map(({ residual }) => residual)) ** 2))
}

/** @param matureUntil days up to this one are mature */
export function evidenceFrom(rows: readonly Row[], matureUntil = '9999', over: Partial<Evidence> = {}): Evidence {
  const firsts = new Map<string, string>()
  for (const { entity, day } of rows) if (day < (firsts.get(entity) ?? '9999')) firsts.set(entity, day)
  const entitiesIn = (of: readonly Row[]) => [...new Set(of.map(({ entity }) => entity))]
  const cohorts = groups(rows, ({ day, arm }) => day + arm).map((of): Cohort => {
    const [{ day, arm }] = of as [Row, ...Row[]]
    const losses = of.flatMap(({ loss }) => (loss === null ? [] : [loss]))
    const expected = of.flatMap((row) => row.expected ?? [])
    const entities = entitiesIn(of)
    const labelled = of.filter(({ loss }) => loss !== null)
    return {
      day,
      arm,
      exposed: of.length,
      mature: day <= matureUntil,
      labelled: losses.length,
      lossSum: sum(losses),
      lossSumSquares: sum(losses.map((loss) => loss * loss)),
      beyondBound: 0,
      estimated: expected.length,
      expectedLossSum: sum(expected),
      expectedLossSumSquares: sum(expected.map((loss) => loss * loss)),
      expectedShare: 5_000,
      entities: entities.length,
      newEntities: entities.filter((entity) => firsts.get(entity) === day).length,
      clusterSquares: sum(
        groups(labelled, ({ entity }) => entity).map(
          (rowsOf) => sum(rowsOf.map(({ loss }) => (loss ?? 0) - mean(losses))) ** 2,
        ),
      ),
    }
  })
  const mature = rows.filter(({ day }) => day <= matureUntil)
  const open = rows.filter(({ day }) => day > matureUntil)
  const balanced = mature.filter(({ day }) => {
    const count = (arm: Row['arm']) =>
      mature.filter((row) => row.day === day && row.arm === arm && row.loss !== null).length
    const [one, zero] = [count('canary'), count('production')]
    return one <= 4 * zero && zero <= 4 * one
  })
  return {
    schema: 'slipway.evidence/2',
    project: 'toy',
    asOf: '2026-02-01T00:00:00.000Z',
    arms: { challenger: 'canary', reference: 'production' },
    cohorts,
    breaches: [],
    looks: [],
    clusters: {
      effect: clusterSum(mature, ({ loss }) => loss),
      balanced: clusterSum(balanced, ({ loss }) => loss),
      coverage: clusterSum(mature, ({ loss }) => (loss === null ? 0 : 1)),
      estimate: clusterSum(open, ({ expected }) => expected ?? null),
    },
    ...over,
  }
}

/** `perArm` decisions a day and arm, of which every `every`-th costs 1; entities do not return. */
export function steadyRows(
  days: readonly string[],
  perArm: number,
  every: { canary: number; production: number },
): Row[] {
  return days.flatMap((day) =>
    (['canary', 'production'] as const).flatMap((arm) =>
      Array.from({ length: perArm }, (_, index) => ({
        entity: `${day}${arm}${index}`,
        day,
        arm,
        loss: index % every[arm] === 0 ? 1 : 0,
      })),
    ),
  )
}

export const days = (count: number, from = 1): string[] =>
  Array.from({ length: count }, (_, index) => new Date(Date.UTC(2026, 0, from + index)).toISOString().slice(0, 10))

export const NEVER = '9999-12-31T00:00:00.000Z'
