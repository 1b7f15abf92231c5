/** The evidence of simulated streams that are the segments of one canary. */
import type { Evidence, JudgePolicy } from '../../../contracts/types.js'
import { segmentSumsOf } from '../../v2/segments/of-days.js'
import { deviations } from '../../v2/strata.js'
import { streamEvidence } from './stream-evidence.js'
import type { ArmSums, ClusterSums, StreamDay } from './sums.js'
import { noSums } from './sums.js'

export interface SegmentStream {
  readonly name: string
  readonly days: readonly StreamDay[]
}

/**
 * Every decision belongs to one segment.
 * @param today days that have ended
 */
export function streamWithSegments(
  segments: readonly SegmentStream[],
  lossBound: JudgePolicy['lossBound'],
  today: number,
  at: Parameters<typeof streamEvidence>[1],
): Evidence {
  const whole = streamEvidence(together(segments, today), at)
  return {
    ...whole,
    segments: segments.map(({ name, days }) => {
      const { cohorts, clusters } = streamEvidence(days.slice(0, today), at)
      const mature = cohorts.filter((cohort) => cohort.mature && cohort.labelled > 0)
      const measured = mature.map(({ clusterSquares = 0, ...cohort }) => ({ ...cohort, clusterSquares }))
      return segmentSumsOf({ name, cohorts: measured, byEntity: clusters?.effect ?? 0 }, whole.arms, lossBound)
    }),
  }
}

/** The days of all segments; sums by entity as if each decision were an entity. */
function together(segments: readonly SegmentStream[], today: number): StreamDay[] {
  const clusters: ClusterSums = { effect: 0, balanced: 0, coverage: 0 }
  return Array.from({ length: today }, (_, index) => {
    const days = segments.flatMap(({ days: own }) => own[index] ?? [])
    const [canary, production] = [sum(days.map((day) => day.canary)), sum(days.map((day) => day.production))]
    const all = canary.labelled + production.labelled
    if (canary.labelled > 0 && production.labelled > 0)
      clusters.effect +=
        (production.labelled / all) ** 2 * canary.clusterSquares +
        (canary.labelled / all) ** 2 * production.clusterSquares
    return { weight: days[0]?.weight ?? 0, canary, production, clusters: { ...clusters } }
  })
}

function sum(arms: readonly Readonly<ArmSums>[]): ArmSums {
  const total = noSums()
  for (const arm of arms) {
    total.exposed += arm.exposed
    total.labelled += arm.labelled
    total.lossSum += arm.lossSum
    total.lossSumSquares += arm.lossSumSquares
    total.entities += arm.entities
    total.newEntities += arm.newEntities
  }
  const cell = { n: total.labelled, sum: total.lossSum, squares: total.lossSumSquares, clusterSquares: 0 }
  total.clusterSquares = total.labelled > 0 ? deviations(cell) : 0
  return total
}
