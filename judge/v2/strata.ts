/** The days on which both arms have something measured: the strata of every statistic. */
import type { Arm } from '../../contracts/names.js'
import type { Cohort } from '../../contracts/types.js'

/** Measured values of one arm on one day. */
export interface Cell {
  readonly n: number
  readonly sum: number
  readonly squares: number
  /** Σ over entities of (Σ value − mean)²; without sums by entity Σ (value − mean)². */
  readonly clusterSquares: number
}

export interface Stratum {
  readonly day: string
  readonly one: Cell
  readonly zero: Cell
  /** n₁n₀/(n₁+n₀) */
  readonly weight: number
}

export interface Arms {
  readonly challenger: Arm
  readonly reference: Arm
}

/** @param cellOf the values of a cohort; undefined where it does not belong to the statistic */
export function strataOf(
  cohorts: readonly Cohort[],
  arms: Arms,
  cellOf: (cohort: Cohort) => Cell | undefined,
): Stratum[] {
  const cells: PlacedCell[] = []
  for (const cohort of cohorts) {
    const cell = cellOf(cohort)
    if (cell) cells.push({ day: cohort.day, arm: cohort.arm, cell })
  }
  return strataOfCells(cells, arms)
}

interface PlacedCell {
  readonly day: string
  readonly arm: Arm
  readonly cell: Cell
}

export function strataOfCells(cells: readonly PlacedCell[], { challenger, reference }: Arms): Stratum[] {
  const zeros = new Map<string, Cell>()
  for (const { day, arm, cell } of cells) if (arm === reference && cell.n > 0) zeros.set(day, cell)
  const strata: Stratum[] = []
  for (const { day, arm, cell: one } of cells) {
    const zero = arm === challenger ? zeros.get(day) : undefined
    if (zero && one.n > 0) strata.push({ day, one, zero, weight: (one.n * zero.n) / (one.n + zero.n) })
  }
  return strata.sort((a, b) => (a.day < b.day ? -1 : 1))
}

/** Most decisions in one arm for one in the other: a smaller arm rarely sees the tail of unbounded losses. */
const BALANCED = 4

export const isBalanced = ({ one, zero }: Stratum): boolean => one.n <= BALANCED * zero.n && zero.n <= BALANCED * one.n

export const meanOf = ({ n, sum }: Cell): number => sum / n

/** Differences below a millionth of the size of the values are rounding of the sums. */
const ROUNDING = 1e-12

/** Σ (value − mean)² */
export function deviations({ n, sum, squares }: Cell): number {
  const found = squares - (sum * sum) / n
  // An overflow must stay visible, so that it is refused.
  if (!Number.isFinite(found)) return Number.NaN
  return found <= ROUNDING * squares ? 0 : found
}

export const together = ({ one, zero }: Stratum): Cell => ({
  n: one.n + zero.n,
  sum: one.sum + zero.sum,
  squares: one.squares + zero.squares,
  clusterSquares: one.clusterSquares + zero.clusterSquares,
})
