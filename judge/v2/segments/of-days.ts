import type { Arm } from '../../../contracts/names.js'
import type { JudgePolicy, SegmentSums } from '../../../contracts/types.js'
import { type Arms, type Cell, isBalanced, strataOfCells } from '../strata.js'
import { segmentSums } from './sums.js'

/** Labelled losses of one segment on mature days. */
export interface DaysOfSegment {
  readonly name: string
  readonly cohorts: readonly {
    readonly day: string
    readonly arm: Arm
    readonly labelled: number
    readonly lossSum: number
    readonly lossSumSquares: number
    readonly clusterSquares: number
  }[]
  /** Without a `lossBound` as `clusters.balanced`, otherwise as `clusters.effect`. */
  readonly byEntity: number
}

/** Unbounded losses are compared on days whose arms are at most 4:1: a smaller arm shows too little of the tail. */
export function segmentSumsOf(
  { name, cohorts, byEntity }: DaysOfSegment,
  arms: Arms,
  lossBound: JudgePolicy['lossBound'],
): SegmentSums {
  const cells = cohorts.map(({ day, arm, labelled, lossSum, lossSumSquares, clusterSquares }) => {
    const cell: Cell = { n: labelled, sum: lossSum, squares: lossSumSquares, clusterSquares }
    return { day, arm, cell }
  })
  const strata = strataOfCells(cells, arms)
  return segmentSums(name, lossBound ? strata : strata.filter(isBalanced), byEntity, lossBound ?? null)
}
