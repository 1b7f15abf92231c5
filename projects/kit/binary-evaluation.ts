/** An evaluation of models that say yes or no to one row at a time: what most first projects need. */
import type { EvaluationReport, GateResult } from '../../contracts/types.js'
import type { EvaluateRequest } from '../project.js'
import { areaUnderCurve } from './area-under-curve.js'
import { type BinaryHeldOut, calibrationFigure, costFigure, recallFigure } from './figures.js'

export interface BinaryEvaluation extends BinaryHeldOut {
  readonly project: string
  readonly request: EvaluateRequest
  /** ISO instants; the rows in it are those of the labels. */
  readonly period: { readonly from: string; readonly to: string }
  /** Which rows belong to which slice; recall on the critical ones together must not fall behind. */
  readonly slices: readonly { readonly name: string; readonly rows: readonly number[]; readonly critical: boolean }[]
  /** What the project itself knows of its schema and its features. */
  readonly gates: readonly GateResult[]
  readonly lossUnit: string
  readonly thresholds: { readonly candidate: number; readonly production: number }
  readonly cost: (acted: boolean, label: number) => number
}

/**
 * The project's own gates and two more: `critical_slice_pass` (recall on the critical slices together at least
 * `minCriticalRecallRatio` of the recall on all rows, 0.8 when the gate policy names none) and `cost_improves` (mean cost below
 * production's).
 */
export function evaluateBinary(evaluation: BinaryEvaluation): EvaluationReport {
  const { request, period, labels, slices, project } = evaluation
  return {
    schema: 'slipway.evaluation/1',
    project,
    candidate: request.candidate.digest,
    production: request.production.digest,
    snapshot: request.snapshotDigest,
    heldOut: { ...period, rows: labels.length },
    gates: [...evaluation.gates, criticalGate(evaluation), costGate(evaluation)],
    metrics: { candidate: metricsOf(evaluation, 'candidate'), production: metricsOf(evaluation, 'production') },
    figures: [
      calibrationFigure(evaluation),
      costFigure(evaluation, { ...evaluation, unit: evaluation.lossUnit }),
    ].concat(slices.length > 0 ? [recallFigure(evaluation, slices)] : []),
    slices: slices.map(({ name, rows }) => ({
      name,
      rows: rows.length,
      candidate: { recall: recall(evaluation, 'candidate', rows), cost: cost(evaluation, 'candidate', rows) },
      production: { recall: recall(evaluation, 'production', rows), cost: cost(evaluation, 'production', rows) },
    })),
  }
}

type Who = 'candidate' | 'production'

const everyRow = ({ labels }: BinaryHeldOut): number[] => Array.from({ length: labels.length }, (_, row) => row)

/** 1 where there was nothing to find. */
function recall(evaluation: BinaryEvaluation, who: Who, rows: readonly number[]): number {
  const yes = rows.filter((row) => evaluation.labels[row] === 1)
  return yes.length === 0 ? 1 : yes.filter((row) => evaluation[who].acted[row] === 1).length / yes.length
}

function cost(evaluation: BinaryEvaluation, who: Who, rows: readonly number[]): number {
  const { acted } = evaluation[who]
  const sum = rows.reduce((all, row) => all + evaluation.cost(acted[row] === 1, evaluation.labels[row] as number), 0)
  return sum / Math.max(1, rows.length)
}

function metricsOf(evaluation: BinaryEvaluation, who: Who): Record<string, number> {
  const rows = everyRow(evaluation)
  return {
    auc: areaUnderCurve(evaluation[who].probabilities, evaluation.labels),
    cost: cost(evaluation, who, rows),
    recall: recall(evaluation, who, rows),
  }
}

function criticalGate(evaluation: BinaryEvaluation): GateResult {
  const rows = evaluation.slices.filter(({ critical }) => critical).flatMap((slice) => slice.rows)
  const value = recall(evaluation, 'candidate', rows)
  const ratio = evaluation.request.gates.thresholds.minCriticalRecallRatio ?? 0.8
  const threshold = ratio * recall(evaluation, 'candidate', everyRow(evaluation))
  const detail = `recall ${value.toFixed(3)} on ${rows.length} rows of critical slices, at least ${threshold.toFixed(3)} wanted`
  return { name: 'critical_slice_pass', passed: rows.length > 0 && value >= threshold, value, threshold, detail }
}

function costGate(evaluation: BinaryEvaluation): GateResult {
  const rows = everyRow(evaluation)
  const value = cost(evaluation, 'candidate', rows)
  const threshold = cost(evaluation, 'production', rows)
  const detail = `${value.toFixed(4)} ${evaluation.lossUnit} against ${threshold.toFixed(4)} of production on the same rows`
  return { name: 'cost_improves', passed: value < threshold, value, threshold, detail }
}
