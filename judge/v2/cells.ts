/** What each statistic measures in a cohort. */
import type { Cohort } from '../../contracts/types.js'
import { type Cell, deviations } from './strata.js'

/** Losses of mature days. */
export const lossCell = (cohort: Cohort): Cell | undefined =>
  cohort.mature ? cellOf(cohort.labelled, cohort.lossSum, cohort.lossSumSquares, cohort.clusterSquares) : undefined

/** Whether a decision of a mature day has a label: 1 or 0. */
export const coverageCell = ({ mature, exposed, labelled }: Cohort): Cell | undefined =>
  mature ? cellOf(exposed, labelled, labelled) : undefined

/** Expected losses of days that are not mature. */
export const estimateCell = (cohort: Cohort): Cell | undefined =>
  cohort.mature ? undefined : cellOf(cohort.estimated, cohort.expectedLossSum, cohort.expectedLossSumSquares)

function cellOf(n: number, sum: number, squares: number, clusterSquares?: number): Cell {
  const cell = { n, sum, squares, clusterSquares: 0 }
  return { ...cell, clusterSquares: clusterSquares ?? (n > 0 ? deviations(cell) : 0) }
}
