/** A ready evaluation for models that answer yes or no for one row at a time, as most first projects do. */
import type { EvaluationReport, GateResult } from '../../contracts/types.js'
import type { EvaluateRequest } from '../project.js'
import { areaUnderCurve } from './area-under-curve.js'
import { type BinaryHeldOut, calibrationFigure, costFigure, recallFigure } from './binary-figures.js'
import { costGate } from './cost-gate.js'
import { withSliceLimits } from './critical-slice.js'
import { reportOf } from './evaluation-report.js'
import { mean } from './mean.js'
import { requiredThreshold } from './thresholds.js'

export interface BinaryEvaluation extends BinaryHeldOut {
  readonly project: string
  readonly request: EvaluateRequest
  /** ISO instants of the held-out time; its rows are those of the labels. */
  readonly period: { readonly from: string; readonly to: string }
  /** Rows by slice. Recall on the critical slices together must not fall behind recall on all rows. */
  readonly slices: readonly { readonly name: string; readonly rows: readonly number[]; readonly critical: boolean }[]
  /** The project's own gates, at least `schema_valid` and `no_leakage`. */
  readonly gates: readonly GateResult[]
  readonly lossUnit: string
  /** The probability from which each release acts. */
  readonly thresholds: { readonly candidate: number; readonly production: number }
  /** Cost of one row, by whether the action was taken and its label. */
  readonly cost: (acted: boolean, label: number) => number
}

/**
 * Evaluates the project's own gates and two more. `critical_slice_pass`: recall on the critical slices together is at
 * least `minCriticalRecallRatio`, a threshold of the gate policy, times recall on all rows, and as the policy's
 * `offline` requires. `cost_improves`: mean cost is below production's.
 * @throws SlipwayError BadRequest when the gate policy does not state `minCriticalRecallRatio`
 */
export function evaluateBinary(evaluation: BinaryEvaluation): EvaluationReport {
  const { request, period, labels, slices, project } = evaluation
  const candidate = costs(evaluation, 'candidate', everyRow(evaluation))
  const production = costs(evaluation, 'production', everyRow(evaluation))
  return reportOf(project, request, {
    heldOut: { ...period, rows: labels.length },
    gates: [
      ...evaluation.gates,
      criticalGate(evaluation),
      costGate({ candidate, production, unit: evaluation.lossUnit }),
    ],
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
  })
}

type Who = 'candidate' | 'production'

const everyRow = ({ labels }: BinaryHeldOut): number[] => Array.from({ length: labels.length }, (_, row) => row)

/** 1 if no label is yes. */
function recall(evaluation: BinaryEvaluation, who: Who, rows: readonly number[]): number {
  const yes = rows.filter((row) => evaluation.labels[row] === 1)
  return yes.length === 0 ? 1 : yes.filter((row) => evaluation[who].acted[row] === 1).length / yes.length
}

function cost(evaluation: BinaryEvaluation, who: Who, rows: readonly number[]): number {
  return rows.length === 0 ? 0 : mean(costs(evaluation, who, rows))
}

const costs = ({ labels, cost, ...answers }: BinaryEvaluation, who: Who, rows: readonly number[]): number[] =>
  rows.map((row) => cost(answers[who].acted[row] === 1, labels[row] as number))

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
  const ratio = requiredThreshold(evaluation.request.gates, 'minCriticalRecallRatio')
  const threshold = ratio * recall(evaluation, 'candidate', everyRow(evaluation))
  const detail = `recall ${value.toFixed(3)} on ${rows.length} rows of critical slices, at least ${threshold.toFixed(3)} required`
  const yes = rows.filter((row) => evaluation.labels[row] === 1)
  const acted = (who: Who) => yes.map((row) => evaluation[who].acted[row] as number)
  const quality = { what: 'recall', candidate: acted('candidate'), production: acted('production') }
  const gate = { name: 'critical_slice_pass', passed: value >= threshold, value, threshold, detail }
  return withSliceLimits(gate, quality, evaluation.request.offline)
}
