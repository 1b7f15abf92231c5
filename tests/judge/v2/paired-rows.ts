/** Paired evidence from single requests, by the definitions of the schema and without any shortcut. */
import type { Evidence, Paired, PromotionPolicy } from '../../../contracts/types.js'
import { POLICY } from './from-rows.js'

export interface PairedRow {
  readonly entity: string
  readonly day: string
  /** Loss of production; null without a label. */
  readonly zero: number | null
  /** Loss of the candidate; null without a label. */
  readonly one: number | null
  readonly failed?: boolean
}

export type PairedRule = NonNullable<NonNullable<PromotionPolicy['shadow']>['paired']>

export const pairedPolicy = (
  judge: Partial<PromotionPolicy['judge']> = {},
  paired: PairedRule = { onHarm: 'rollback', canaryMinMature: 10 },
): PromotionPolicy => ({
  ...POLICY,
  shadow: { share: 10_000, lasts: '2d', paired },
  judge: { ...POLICY.judge, ...judge },
})

export const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
export const mean = (values: readonly number[]) => sum(values) / values.length

function groups<Item>(items: readonly Item[], key: (item: Item) => string): [string, Item[]][] {
  const found = new Map<string, Item[]>()
  for (const item of items) {
    const group = found.get(key(item))
    if (group) group.push(item)
    else found.set(key(item), [item])
  }
  return [...found]
}

export function pairedFrom(rows: readonly PairedRow[], matureUntil = '9999'): Paired {
  const differences = rows.flatMap(({ one, zero, ...row }) =>
    one === null || zero === null ? [] : [{ ...row, difference: one - zero }],
  )
  const byDay = groups(differences, ({ day }) => day)
  const means = new Map(byDay.map(([day, own]) => [day, mean(own.map(({ difference }) => difference))]))
  const squares = (of: readonly (typeof differences)[number][]) =>
    sum(
      groups(of, ({ entity }) => entity).map(
        ([, own]) => sum(own.map(({ day, difference }) => difference - (means.get(day) ?? 0))) ** 2,
      ),
    )
  const days = [...new Set(rows.map(({ day }) => day))].sort()
  return {
    days: days.map((day) => {
      const exposed = rows.filter((row) => row.day === day)
      const labelled = differences.filter((row) => row.day === day)
      return {
        day,
        mature: day <= matureUntil,
        exposed: exposed.length,
        failed: exposed.filter(({ failed }) => failed).length,
        referenceLabelled: exposed.filter(({ zero }) => zero !== null).length,
        labelled: labelled.length,
        differing: labelled.filter(({ difference }) => difference !== 0).length,
        beyondBound: 0,
        sum: sum(labelled.map(({ difference }) => difference)),
        sumSquares: sum(labelled.map(({ difference }) => difference ** 2)),
        entities: new Set(exposed.map(({ entity }) => entity)).size,
        clusterSquares: squares(labelled),
      }
    }),
    clusterSquares: squares(differences.filter(({ day }) => day <= matureUntil)),
  }
}

/** A look of the shadow. */
export const inShadow = (paired: Paired, over: Partial<Evidence> = {}): Evidence => ({
  schema: 'slipway.evidence/2',
  project: 'toy',
  asOf: '2026-02-01T00:00:00.000Z',
  arms: { challenger: 'shadow', reference: 'production' },
  cohorts: [],
  breaches: [],
  looks: [],
  clusters: { effect: 0, balanced: 0, coverage: 0, estimate: 0 },
  paired,
  ...over,
})

/**
 * Each day `perDay` requests of entities of their own, of which `better` cost production 1 and the candidate nothing,
 * and `worse` the other way round; every tenth of the others costs both 1.
 */
export const steadyPairs = (
  days: readonly string[],
  { perDay, better, worse }: { perDay: number; better: number; worse: number },
): PairedRow[] =>
  days.flatMap((day) =>
    Array.from({ length: perDay }, (_, index): PairedRow => {
      const both = index % 10 === 0 ? 1 : 0
      const [one, zero] = index < better ? [0, 1] : index < better + worse ? [1, 0] : [both, both]
      return { entity: `${day}${index}`, day, one, zero }
    }),
  )
