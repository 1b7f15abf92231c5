/** Which feature, or which difference of two, tells too much about a label: such a one probably knows the outcome. */
import { areaUnderCurve } from './area-under-curve.js'

export interface TellingFeature {
  /** `distance`, or `arrived - scheduled` for a pair. */
  readonly name: string
  /** max(AUC, 1 − AUC): in whichever direction it points. */
  readonly auc: number
}

/** Pairs are measured on no more rows than this, evenly spread: a leak is visible on a few thousand. */
const MOST_ROWS = 4_000

/**
 * The best single feature and the best difference of two: instants of a plan and of what happened leak only together.
 * Rows where a value is unknown (NaN) are left out.
 * @param columns values by feature, one a row @param labels 0 or 1
 */
export function tellingFeatures(
  columns: Readonly<Record<string, ArrayLike<number>>>,
  labels: ArrayLike<number>,
): { single: TellingFeature; pair: TellingFeature } {
  const names = Object.keys(columns)
  const all = Array.from({ length: labels.length }, (_, row) => row)
  const step = Math.max(1, Math.ceil(all.length / MOST_ROWS))
  const some = all.filter((row) => row % step === 0)
  const value = (name: string, row: number): number => columns[name]?.[row] ?? Number.NaN
  const measured = (rows: readonly number[], of: (row: number) => number): number => {
    const known = rows.filter((row) => Number.isFinite(of(row)))
    const auc = areaUnderCurve(
      known.map(of),
      known.map((row) => labels[row] as number),
    )
    return Math.max(auc, 1 - auc)
  }
  const singles = names.map((name) => ({ name, auc: measured(all, (row) => value(name, row)) }))
  const pairs = names.flatMap((one, index) =>
    names.slice(index + 1).map((other) => ({
      name: `${one} - ${other}`,
      auc: measured(some, (row) => value(one, row) - value(other, row)),
    })),
  )
  return { single: best(singles), pair: best(pairs) }
}

const best = (features: readonly TellingFeature[]): TellingFeature =>
  features.reduce((one, other) => (other.auc > one.auc ? other : one), { name: 'none', auc: 0.5 })
