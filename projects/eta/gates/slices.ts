/** The critical slice: the busiest lanes of the held-out week. A mistake there affects the most parcels. */
import type { EvaluationReport, GateResult, OfflinePolicy } from '../../../contracts/types.js'
import { withSliceLimits } from '../../kit/critical-slice.js'
import { laneOf } from '../flights/flight.js'
import type { EtaThresholds } from '../policy.js'
import type { LabelledFlight } from '../split.js'
import type { Answers, Both } from './answers.js'

/** Share of the late flights that had a warning; 1 where no flight was late. */
function recall({ warned }: Answers, labels: Uint8Array, rows: readonly number[]): number {
  const late = rows.filter((row) => labels[row] === 1)
  return late.length === 0 ? 1 : late.filter((row) => warned[row] === 1).length / late.length
}

type LaneCount = Pick<EtaThresholds, 'criticalLanes'>

/** Lanes by name, each with its rows of the held-out flights; the busiest first. */
export function criticalLanes(heldOut: readonly LabelledFlight[], { criticalLanes: count }: LaneCount) {
  const lanes = new Map<string, number[]>()
  heldOut.forEach((flight, row) => {
    const rows = lanes.get(laneOf(flight))
    if (rows) rows.push(row)
    else lanes.set(laneOf(flight), [row])
  })
  const busiest = [...lanes].sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1))
  return busiest.slice(0, count)
}

/**
 * Recall on the critical lanes together, against recall on all lanes. A single lane has too few late flights in a week.
 * An absolute floor would follow the season: a threshold chosen by cost warns less often when fewer flights are late.
 */
export function criticalLaneGate(
  both: Both,
  thresholds: LaneCount & Pick<EtaThresholds, 'minCriticalRecallRatio'>,
  offline?: OfflinePolicy,
): GateResult {
  const rows = criticalLanes(both.heldOut, thresholds).flatMap(([, own]) => own)
  const overall = recall(both.candidate, both.labels, [...both.labels.keys()])
  const value = recall(both.candidate, both.labels, rows)
  const threshold = overall * thresholds.minCriticalRecallRatio
  const limit = `at least ${percent(threshold)} required (${percent(overall)} on all lanes)`
  const detail = `${percent(value)} of the late flights on critical lanes had a warning, ${limit}`
  const late = rows.filter((row) => both.labels[row] === 1)
  const warned = (answers: Answers) => late.map((row) => answers.warned[row] as number)
  const quality = {
    what: 'recall on critical lanes',
    candidate: warned(both.candidate),
    production: warned(both.production),
  }
  const gate = { name: 'critical_slice_pass', passed: value >= threshold, value, threshold, detail }
  return withSliceLimits(gate, quality, offline)
}

export function laneSlices(both: Both, thresholds: LaneCount): EvaluationReport['slices'] {
  const measure = (answers: Answers, rows: readonly number[]) => ({
    recall: recall(answers, both.labels, rows),
    cost: rows.reduce((sum, row) => sum + (answers.losses[row] as number), 0) / rows.length,
  })
  return criticalLanes(both.heldOut, thresholds).map(([name, rows]) => ({
    name: `lane ${name}`,
    rows: rows.length,
    candidate: measure(both.candidate, rows),
    production: measure(both.production, rows),
  }))
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`
