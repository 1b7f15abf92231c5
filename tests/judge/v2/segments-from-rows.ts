/** What evidence holds about segments, from single decisions. */
import type { Evidence, SegmentsPolicy } from '../../../contracts/types.js'
import { segmentSumsOf } from '../../../judge/index.js'
import { clusterSum, evidenceFrom, POLICY, type Row } from './from-rows.js'

export const ARMS = { challenger: 'canary', reference: 'production' } as const

/** @param segmentsOf the segments of a decision */
export function withSegments(
  rows: readonly Row[],
  names: readonly string[],
  segmentsOf: (row: Row) => readonly string[],
  bounded = true,
): Evidence {
  const bound = bounded ? POLICY.judge.lossBound : undefined
  const segments = names.map((name) => {
    const own = rows.filter((row) => row.loss !== null && segmentsOf(row).includes(name))
    const { cohorts } = evidenceFrom(own)
    const days = cohorts.map(({ clusterSquares = 0, ...cohort }) => ({ ...cohort, clusterSquares }))
    return segmentSumsOf({ name, cohorts: days, byEntity: clusterSum(own, ({ loss }) => loss) }, ARMS, bound)
  })
  return { ...evidenceFrom(rows), segments }
}

export const policyWith = (segments: Partial<SegmentsPolicy> & { names: readonly string[] }, judge = {}) => {
  const { names, ...rest } = segments
  const of = names.map((name) => ({ name }))
  return { ...POLICY, judge: { ...POLICY.judge, ...judge }, segments: { onHarm: 'hold', of, ...rest } as const }
}
