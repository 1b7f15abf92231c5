/** Critical lanes are the busiest of the held-out week: what goes wrong there, most parcels feel. */
import type { EvaluationReport, GateResult } from '../../../contracts/types.js'
import { laneOf } from '../flights/flight.js'
import type { LabelledFlight } from '../split.js'
import type { Answers, Both } from './answers.js'

export type Thresholds = Readonly<Record<string, number>>

/** Share of the late flights that were warned of; 1 where none was late. */
function recall({ warned }: Answers, labels: Uint8Array, rows: readonly number[]): number {
  const late = rows.filter((row) => labels[row] === 1)
  return late.length === 0 ? 1 : late.filter((row) => warned[row] === 1).length / late.length
}

export function criticalLanes(heldOut: readonly LabelledFlight[], thresholds: Thresholds): [string, number[]][] {
  const lanes = new Map<string, number[]>()
  heldOut.forEach((flight, row) => {
    const rows = lanes.get(laneOf(flight))
    if (rows) rows.push(row)
    else lanes.set(laneOf(flight), [row])
  })
  const busiest = [...lanes].sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1))
  return busiest.slice(0, thresholds.criticalLanes ?? 20)
}

/**
 * Recall on the critical lanes together, single lanes have too few late flights in a week, against recall on all: an absolute
 * floor would follow the season, since a threshold chosen by cost warns of less when less is late.
 */
export function criticalLaneGate(both: Both, thresholds: Thresholds): GateResult {
  const rows = criticalLanes(both.heldOut, thresholds).flatMap(([, own]) => own)
  const overall = recall(both.candidate, both.labels, [...both.labels.keys()])
  const value = recall(both.candidate, both.labels, rows)
  const threshold = overall * (thresholds.minCriticalRecallRatio ?? 0.8)
  const of = `${percent(overall)} on all lanes, at least ${percent(threshold)} wanted`
  const detail = `${percent(value)} of late flights on the critical lanes were warned of, ${of}`
  return { name: 'critical_slice_pass', passed: rows.length > 0 && value >= threshold, value, threshold, detail }
}

export function laneSlices(both: Both, thresholds: Thresholds): EvaluationReport['slices'] {
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
