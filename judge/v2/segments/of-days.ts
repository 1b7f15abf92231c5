import type { Arm } from '../../../contracts/names.js'
import type { JudgePolicy, SegmentSums } from '../../../contracts/types.js'
import { type Arms, type Cell, strataOfCells } from '../strata.js'
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
  readonly byEntity: number
}

export function segmentSumsOf(
  { name, cohorts, byEntity }: DaysOfSegment,
  arms: Arms,
  lossBound: JudgePolicy['lossBound'],
): SegmentSums {
  const cells = cohorts.map(({ day, arm, labelled, lossSum, lossSumSquares, clusterSquares }) => {
    const cell: Cell = { n: labelled, sum: lossSum, squares: lossSumSquares, clusterSquares }
    return { day, arm, cell }
  })
  return segmentSums(name, strataOfCells(cells, arms), byEntity, lossBound ?? null)
}
