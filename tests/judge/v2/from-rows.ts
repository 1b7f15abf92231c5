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
  for (const item of items) {
    const group = found.get(key(item))
    if (group) group.push(item)
    else found.set(key(item), [item])
  }
  return [...found.values()]
}

/** Σ over entities of (Σ ± weight × residual)², over days with values in both arms. */
export function clusterSum(rows: readonly Row[], value: (row: Row) => number | null): number {
  const valueIn = (row: Row) => value(row) ?? Number.NaN
  const measured = rows.filter((row) => value(row) !== null)
  // Once per day and arm, and not per row: tests have thousands of rows.
  const keyOf = ({ day, arm }: Row) => `${day} ${arm}`
  const cells = new Map(
    groups(measured, keyOf).map((of) => [keyOf(of[0] as Row), { count: of.length, average: mean(of.map(valueIn)) }]),
  )
  const entities = new Map(
    groups(measured, (row) => `${keyOf(row)} ${row.entity}`).map((of) => [
      `${keyOf(of[0] as Row)} ${of[0]?.entity}`,
      of.length,
    ]),
  )
  const residuals = measured.flatMap((row) => {
    const own = cells.get(keyOf(row))
    const other = cells.get(keyOf({ ...row, arm: row.arm === 'canary' ? 'production' : 'canary' }))
    if (!own || !other) return []
    const weight = other.count / (own.count + other.count)
    const same = entities.get(`${keyOf(row)} ${row.entity}`) ?? 1
    // As if the entity had no part in the mean of its cohort.
    const alone = same > 1 && same === own.count
    const factor = alone ? 1 : (own.count - 1) / Math.max(1, own.count - same)
    const residual = weight * (valueIn(row) - (alone ? other : own).average) * (same > 1 ? factor : 1)
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
    const average = mean(losses)
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
          (rowsOf) => sum(rowsOf.map(({ loss }) => (loss ?? 0) - average)) ** 2,
        ),
      ),
    }
  })
  const mature = rows.filter(({ day }) => day <= matureUntil)
  const open = rows.filter(({ day }) => day > matureUntil)
  const balancedDays = new Set(
    groups(mature, ({ day }) => day).flatMap((of) => {
      const count = (arm: Row['arm']) => of.filter((row) => row.arm === arm && row.loss !== null).length
      const [one, zero] = [count('canary'), count('production')]
      return one <= 4 * zero && zero <= 4 * one ? of.map(({ day }) => day) : []
    }),
  )
  const balanced = mature.filter(({ day }) => balancedDays.has(day))
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
