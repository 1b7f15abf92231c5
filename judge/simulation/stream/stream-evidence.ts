import { DAY_MS } from '../../../contracts/duration.js'
import type { Cohort, Evidence, JudgePolicy, PastLook, SegmentSums } from '../../../contracts/types.js'
import { segmentSumsOf } from '../../v2/segments/of-days.js'
import { SIMULATED_START, simulatedDay } from '../evidence.js'
import type { ArmSums, StreamDay } from './sums.js'

interface Asked {
  readonly asOf: number
  readonly labelHorizonMs: number
  readonly looks: readonly PastLook[]
  /** Of the policy, for the sums of segments. */
  readonly lossBound?: JudgePolicy['lossBound']
}

const ARMS = { challenger: 'canary', reference: 'production' } as const

/** `slipway.evidence/2` of these days at `asOf`, if labels that arrive do so within the horizon. */
export function streamEvidence(
  days: readonly StreamDay[],
  { asOf, labelHorizonMs, looks, lossBound }: Asked,
): Evidence {
  const cohorts: Cohort[] = []
  let clusters = { effect: 0, balanced: 0, coverage: 0 }
  days.forEach((day, index) => {
    const from = SIMULATED_START + index * DAY_MS
    const mature = from + DAY_MS + labelHorizonMs <= asOf
    if (mature) clusters = day.clusters
    const add = (arm: 'canary' | 'production', sums: ArmSums, expectedShare: number) => {
      if (sums.exposed > 0) cohorts.push(cohortOf(simulatedDay(index), arm, sums, mature, expectedShare))
    }
    add('canary', day.canary, day.weight)
    add('production', day.production, 10_000 - day.weight)
  })
  return {
    schema: 'slipway.evidence/2',
    project: 'simulated',
    asOf: new Date(asOf).toISOString(),
    arms: ARMS,
    cohorts,
    breaches: [],
    looks: [...looks],
    clusters: { ...clusters, estimate: 0 },
    ...(days[0]?.segments ? { segments: segmentsOf(days, cohorts, lossBound) } : {}),
  }
}

function segmentsOf(
  days: readonly StreamDay[],
  cohorts: readonly Cohort[],
  lossBound: JudgePolicy['lossBound'],
): SegmentSums[] {
  const mature = new Set(cohorts.flatMap((cohort) => (cohort.mature ? [cohort.day] : [])))
  return (days[0]?.segments ?? []).map(({ name }, segment) => {
    const own = days.flatMap(({ segments }, index) => {
      const day = simulatedDay(index)
      const part = segments?.[segment]
      return part && mature.has(day) ? [{ day, part }] : []
    })
    const placed = own.flatMap(({ day, part }) => [
      { day, arm: ARMS.challenger, ...part.canary },
      { day, arm: ARMS.reference, ...part.production },
    ])
    const byEntity = own.at(-1)?.part.clusters[lossBound ? 'effect' : 'balanced'] ?? 0
    return segmentSumsOf({ name, cohorts: placed, byEntity }, ARMS, lossBound)
  })
}

const cohortOf = (
  day: string,
  arm: 'canary' | 'production',
  sums: ArmSums,
  mature: boolean,
  expectedShare: number,
): Cohort => ({
  day,
  arm,
  exposed: sums.exposed,
  mature,
  labelled: mature ? sums.labelled : 0,
  lossSum: mature ? sums.lossSum : 0,
  lossSumSquares: mature ? sums.lossSumSquares : 0,
  beyondBound: 0,
  estimated: 0,
  expectedLossSum: 0,
  expectedLossSumSquares: 0,
  expectedShare,
  entities: sums.entities,
  newEntities: sums.newEntities,
  clusterSquares: mature ? sums.clusterSquares : 0,
})
