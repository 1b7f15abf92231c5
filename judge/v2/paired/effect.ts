/**
 * Effect of the candidate in the shadow: the mean of paired differences, stratified by day, with the entity as unit.
 * What two losses of one request have in common is in neither their difference nor its variance.
 */
import type { Paired } from '../../../contracts/types.js'
import { boundedPairedHalfWidth } from '../bounded.js'
import { type DayEffect, type Heterogeneity, heterogeneityOf } from '../heterogeneity.js'
import { errorBetweenDays, FEWEST_DAYS, type Interval } from '../interval.js'
import { sequenceBoundary } from '../sequence.js'
import type { Settings } from '../settings.js'
import { type Cell, deviations, meanOf } from '../strata.js'
import { studentFor } from '../student.js'

export interface PairedEffect {
  readonly days: number
  readonly effect: number
  /** Zero where all differences are the same. */
  readonly standardError: number
  readonly designEffect: number
  /** Effects of the single days. */
  readonly daily: readonly DayEffect[]
  readonly differs: Heterogeneity | null
  /** Standard error that comes from the differences between days alone. */
  readonly between: number
  readonly interval: Interval | null
}

/** Null without a mature day that has losses of both. */
export function pairedEffect(settings: Settings, { days, clusterSquares }: Paired): PairedEffect | null {
  const cells = days
    .filter(({ mature, labelled }) => mature && labelled > 0)
    .map(({ labelled: n, sum, sumSquares: squares, clusterSquares: ofDay }) => ({
      n,
      sum,
      squares,
      clusterSquares: ofDay,
    }))
  if (cells.length === 0) return null
  const total = (of: (cell: Cell) => number) => cells.reduce((sum, cell) => sum + of(cell), 0)
  const n = total((cell) => cell.n)
  const squares = total(deviations)
  // A day with one decision has no variance of its own.
  const pooled = squares / Math.max(1, n - cells.length)
  const variance = (cell: Cell) => (cell.n > 1 ? deviations(cell) / (cell.n - 1) : pooled)
  const designEffect = Math.max(settings.designEffect, squares > 0 ? clusterSquares / squares : 1)
  const standardError = Math.sqrt(total((cell) => cell.n * variance(cell)) * designEffect) / n
  const daily = cells.map((cell) => ({
    effect: meanOf(cell),
    variance: (variance(cell) / cell.n) * ofEntities(cell),
    weight: cell.n,
  }))
  const differs = heterogeneityOf(daily)
  const between = errorBetweenDays(daily, differs)
  const effect = total(({ sum }) => sum) / n
  const measured = { days: cells.length, effect, standardError, designEffect, daily, differs, between }
  return { ...measured, interval: intervalOf(settings, measured, cells) }
}

/** Variance of a day's mean with the entity as unit ÷ with the decision as unit. */
function ofEntities(cell: Cell): number {
  const byDecision = deviations(cell)
  return byDecision > 0 ? Math.max(1, cell.clusterSquares / byDecision) : 1
}

/** A shadow has no plan of its own: it is judged by the confidence sequence, or within bounds. */
function intervalOf(
  settings: Settings,
  { effect, standardError, designEffect, differs, between }: Omit<PairedEffect, 'interval'>,
  cells: readonly Cell[],
): Interval | null {
  const { method, bounds, alpha, tunedFor, acrossDays } = settings
  if (standardError === 0) return null
  const n = cells.reduce((sum, cell) => sum + cell.n, 0)
  // Both losses of a request count, as in `tunedFor`.
  const boundary = sequenceBoundary((2 * n) / designEffect, settings)
  const within = (critical: number) =>
    method === 'bounded' && bounds
      ? boundedPairedHalfWidth(cells, { bounds, alpha, tunedFor, designEffect })
      : critical * standardError
  if (acrossDays === 'fixed') return around(effect, within(boundary))
  if (!differs || differs.days < FEWEST_DAYS) return null
  const critical = studentFor(boundary, differs.days - 1)
  return around(effect, Math.hypot(within(critical), critical * between))
}

const around = (effect: number, width: number): Interval | null =>
  width === Number.POSITIVE_INFINITY ? null : [effect - width, effect + width]
