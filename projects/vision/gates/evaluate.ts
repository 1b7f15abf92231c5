/** The offline gates: candidate and production on the same held-out shipments, which the candidate has seen nothing of. */
import type { EvaluationReport, GateResult } from '../../../contracts/types.js'
import { areaUnderCurve } from '../../kit/area-under-curve.js'
import type { EvaluateRequest } from '../../project.js'
import { withPack } from '../photos/pack.js'
import { splitShipments } from '../split.js'
import { type Answers, answerHeldOut, type HeldOut } from './answers.js'
import { figuresOf } from './figures.js'
import { leakageGate } from './leakage.js'
import { schemaGate } from './schema.js'
import { sourceSlices, worstSourceGate } from './slices.js'

export function evaluate(request: EvaluateRequest): Promise<EvaluationReport> {
  const { snapshot, gates, candidate, production } = request
  const { thresholds } = gates
  return withPack(request.dataFile, async (pack) => {
    const { heldOut: photos } = splitShipments(pack.rows, { heldOut: thresholds.heldOutShare ?? 0.25, calibration: 0 })
    const heldOut = await answerHeldOut(pack, photos, { candidate, production })
    const { model } = heldOut.candidate
    return {
      schema: 'slipway.evaluation/1',
      project: 'vision',
      candidate: candidate.digest,
      production: production.digest,
      snapshot: request.snapshotDigest,
      heldOut: { from: firstOf(heldOut, snapshot.cutoff), to: snapshot.cutoff, rows: photos.length },
      gates: [
        schemaGate(snapshot, pack.rows, thresholds),
        leakageGate({ ...heldOut, model, thresholds }),
        worstSourceGate(heldOut, thresholds),
        costGate(heldOut),
        usableGate(heldOut, thresholds),
      ],
      metrics: { candidate: metricsOf(heldOut.candidate, heldOut), production: metricsOf(heldOut.production, heldOut) },
      slices: sourceSlices(heldOut),
      figures: await figuresOf(pack, heldOut),
    }
  })
}

const firstOf = ({ photos }: HeldOut, cutoff: string): string =>
  photos.length === 0 ? cutoff : new Date(Math.min(...photos.map(({ takenAt }) => takenAt))).toISOString()

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

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
    damagedShare: mean([...labels]),
  }
}

/** Both releases' losses are priced by their own policies; costs differ between tuples only when somebody changed them. */
function costGate({ candidate, production }: HeldOut): GateResult {
  const [value, threshold] = [mean(candidate.losses), mean(production.losses)]
  const detail = `cost ${value.toFixed(4)} points a photo against ${threshold.toFixed(4)} of production on the same photos`
  return { name: 'cost_improves', passed: value < threshold, value, threshold, detail }
}

/** A policy that asks for most photos again would look cheap and sharp on the rest. */
function usableGate({ candidate: { actions } }: HeldOut, thresholds: Readonly<Record<string, number>>): GateResult {
  const threshold = thresholds.minUsableShare ?? 0.85
  const retaken = actions.filter((action) => action === 'retake').length
  const value = actions.length === 0 ? 0 : 1 - retaken / actions.length
  const detail = `${actions.length - retaken} of ${actions.length} photos can be judged by; another is asked for instead of ${retaken}`
  return { name: 'usable_images', passed: value >= threshold, value, threshold, detail }
}
