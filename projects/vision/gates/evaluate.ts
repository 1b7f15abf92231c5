/**
 * Evaluates a candidate against production on the same held-out shipments, on which it was neither trained nor
 * calibrated.
 */
import type { EvaluationReport } from '../../../contracts/types.js'
import { areaUnderCurve } from '../../kit/area-under-curve.js'
import { costGate } from '../../kit/cost-gate.js'
import { reportOf } from '../../kit/evaluation-report.js'
import { mean } from '../../kit/mean.js'
import type { EvaluateRequest } from '../../project.js'
import { withPack } from '../photos/photo-pack.js'
import { LOSS_UNIT, thresholdsOf } from '../policy.js'
import { splitShipments } from '../split.js'
import { type Answers, answerHeldOut, type HeldOut } from './answers.js'
import { figuresOf } from './figures.js'
import { histogramGate } from './histograms.js'
import { leakageGate } from './leakage.js'
import { schemaGate } from './schema.js'
import { sourceSlices, worstSourceGate } from './slices.js'
import { usableGate } from './usable.js'

export async function evaluate(request: EvaluateRequest): Promise<EvaluationReport> {
  const { snapshot, candidate, production } = request
  const thresholds = thresholdsOf(request.gates)
  return withPack(request.dataFile, async (pack) => {
    const { heldOut: photos, learn } = splitShipments(pack.rows, { heldOut: thresholds.heldOutShare, calibration: 0 })
    const heldOut = await answerHeldOut(pack, photos, { candidate, production })
    const { model } = heldOut.candidate
    return reportOf('vision', request, {
      heldOut: { from: firstOf(heldOut, snapshot.cutoff), to: snapshot.cutoff, rows: photos.length },
      gates: [
        schemaGate(snapshot, pack.rows, thresholds),
        leakageGate({ ...heldOut, model, thresholds }),
        worstSourceGate(heldOut, thresholds, request.offline),
        costGate({ candidate: heldOut.candidate.losses, production: heldOut.production.losses, unit: LOSS_UNIT }),
        usableGate(heldOut, thresholds),
        await histogramGate(pack, learn, heldOut),
      ],
      metrics: { candidate: metricsOf(heldOut.candidate, heldOut), production: metricsOf(heldOut.production, heldOut) },
      slices: sourceSlices(heldOut),
      figures: await figuresOf(pack, heldOut),
    })
  })
}

const firstOf = ({ photos }: HeldOut, cutoff: string): string =>
  photos.length === 0 ? cutoff : new Date(Math.min(...photos.map(({ takenAt }) => takenAt))).toISOString()

function metricsOf({ outputs, actions, losses }: Answers, { labels, photos }: HeldOut): Record<string, number> {
  const share = (action: string) => actions.filter((one) => one === action).length / actions.length
  const usable = [...photos.keys()].filter((row) => photos[row]?.review.usable === 1)
  return {
    auc: areaUnderCurve(
      usable.map((row) => outputs[row]?.probability ?? 0),
      usable.map((row) => labels[row] as number),
    ),
    cost: mean(losses),
    reviewShare: share('review'),
    retakeShare: share('retake'),
    damagedShare: mean(labels),
  }
}
