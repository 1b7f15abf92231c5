/** The offline gates: candidate and production on the same held-out week, which neither the candidate nor its calibration saw. */
import type { EvaluationReport, GateResult } from '../../../contracts/types.js'
import { areaUnderCurve } from '../../kit/area-under-curve.js'
import type { EvaluateRequest, LoadedRelease } from '../../project.js'
import { readRows } from '../flights/rows.js'
import { knownIn, labelsOf, splitAt } from '../split.js'
import { type Answers, answerHeldOut } from './answers.js'
import { figuresOf } from './figures.js'
import { leakageGate } from './leakage.js'
import { schemaGate } from './schema.js'
import { criticalLaneGate, laneSlices } from './slices.js'

export async function evaluate(request: EvaluateRequest): Promise<EvaluationReport> {
  const { snapshot, gates } = request
  const { thresholds } = gates
  const flights = await readRows(request.dataFile)
  const cutoff = Date.parse(snapshot.cutoff)
  const { heldOutFrom } = splitAt(cutoff, { heldOut: thresholds.heldOutDays ?? 7, calibration: 0 })
  const heldOut = knownIn(flights, heldOutFrom, cutoff)
  const labels = labelsOf(heldOut)
  const answers = (release: LoadedRelease) => answerHeldOut(release, flights, heldOut, labels)
  const candidate = answers(request.candidate)
  const production = answers(request.production)
  const both = { candidate, production, heldOut, labels }
  const policies = { candidate: request.candidate.actionPolicy, production: request.production.actionPolicy }
  return {
    schema: 'slipway.evaluation/1',
    project: 'eta',
    candidate: request.candidate.digest,
    production: request.production.digest,
    snapshot: request.snapshotDigest,
    heldOut: { from: new Date(heldOutFrom).toISOString(), to: snapshot.cutoff, rows: heldOut.length },
    gates: [
      schemaGate(snapshot, flights, thresholds),
      leakageGate({ model: candidate.model, matrix: candidate.matrix, labels, heldOutFrom, thresholds }),
      criticalLaneGate(both, thresholds),
      costGate(candidate, production),
    ],
    metrics: { candidate: metricsOf(candidate, labels), production: metricsOf(production, labels) },
    figures: figuresOf(both, policies, thresholds),
    slices: laneSlices(both, thresholds),
  }
}

const mean = (values: ArrayLike<number>): number =>
  values.length === 0 ? Number.NaN : Array.from(values).reduce((sum, value) => sum + value, 0) / values.length

function metricsOf({ probabilities, warned, losses }: Answers, labels: Uint8Array): Record<string, number> {
  return {
    auc: areaUnderCurve(probabilities, labels),
    cost: mean(losses),
    warnedShare: mean(warned),
    lateShare: mean(labels),
  }
}

/** Both releases' losses are priced by their own policies; costs differ between tuples only when somebody changed them. */
function costGate(candidate: Answers, production: Answers): GateResult {
  const value = mean(candidate.losses)
  const threshold = mean(production.losses)
  const detail = `cost ${value.toFixed(4)} points a flight against ${threshold.toFixed(4)} of production on the same week`
  return { name: 'cost_improves', passed: value < threshold, value, threshold, detail }
}
