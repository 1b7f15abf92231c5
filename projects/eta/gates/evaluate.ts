/**
 * Evaluates a candidate against production on the same held-out week. The candidate was neither trained nor calibrated
 * on it.
 */
import type { EvaluationReport } from '../../../contracts/types.js'
import { areaUnderCurve } from '../../kit/area-under-curve.js'
import { costGate } from '../../kit/cost-gate.js'
import { reportOf } from '../../kit/evaluation-report.js'
import { mean } from '../../kit/mean.js'
import type { EvaluateRequest, LoadedRelease } from '../../project.js'
import { readRows } from '../flights/flight-rows.js'
import { LOSS_UNIT, thresholdsOf } from '../policy.js'
import { knownIn, labelsOf, splitAt } from '../split.js'
import { type Answers, answerHeldOut } from './answers.js'
import { figuresOf } from './figures.js'
import { leakageGate } from './leakage.js'
import { schemaGate } from './schema.js'
import { criticalLaneGate, laneSlices } from './slices.js'

export async function evaluate(request: EvaluateRequest): Promise<EvaluationReport> {
  const { snapshot } = request
  const thresholds = thresholdsOf(request.gates)
  const flights = await readRows(request.dataFile)
  const cutoff = Date.parse(snapshot.cutoff)
  const { heldOutFrom } = splitAt(cutoff, { heldOut: thresholds.heldOutDays, calibration: 0 })
  const heldOut = knownIn(flights, heldOutFrom, cutoff)
  const labels = labelsOf(heldOut)
  const answers = (release: LoadedRelease) => answerHeldOut(release, flights, heldOut, labels)
  const candidate = answers(request.candidate)
  const production = answers(request.production)
  const both = { candidate, production, heldOut, labels }
  const policies = { candidate: request.candidate.actionPolicy, production: request.production.actionPolicy }
  return reportOf('eta', request, {
    heldOut: { from: new Date(heldOutFrom).toISOString(), to: snapshot.cutoff, rows: heldOut.length },
    gates: [
      schemaGate(snapshot, flights, thresholds),
      leakageGate({ model: candidate.model, matrix: candidate.matrix, labels, heldOutFrom, thresholds }),
      criticalLaneGate(both, thresholds, request.offline),
      costGate({ candidate: candidate.losses, production: production.losses, unit: LOSS_UNIT }),
    ],
    metrics: { candidate: metricsOf(candidate, labels), production: metricsOf(production, labels) },
    figures: figuresOf(both, policies, thresholds),
    slices: laneSlices(both, thresholds),
  })
}

function metricsOf({ probabilities, warned, losses }: Answers, labels: Uint8Array): Record<string, number> {
  return {
    auc: areaUnderCurve(probabilities, labels),
    cost: mean(losses),
    warnedShare: mean(warned),
    lateShare: mean(labels),
  }
}
