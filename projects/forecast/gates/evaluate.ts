/** The offline gates: candidate and production on the same held-out fortnight, which neither learning nor calibration saw. */
import { DAY_MS } from '../../../contracts/duration.js'
import type { EvaluationReport, GateResult } from '../../../contracts/types.js'
import type { EvaluateRequest } from '../../project.js'
import { readRows } from '../counts/rows.js'
import { examplesIn, labelsOf, matrixOf, splitOf } from '../examples.js'
import { HORIZON_DAYS } from '../features/horizon.js'
import { momentumOf } from '../features/momentum.js'
import { namesOf } from '../model/artifact.js'
import { accuracyGates, coverageOf } from './accuracy.js'
import { type Answers, allRows, answersOf, type Both, meanOver, wapeOf } from './answers.js'
import { figuresOf } from './figures.js'
import { leakageGate } from './leakage.js'
import { peakGate } from './peaks.js'
import { schemaGate } from './schema.js'
import { slicesOf } from './slices.js'

export async function evaluate(request: EvaluateRequest): Promise<EvaluationReport> {
  const { snapshot } = request
  const { thresholds } = request.gates
  const history = await readRows(request.dataFile)
  const window = splitOf(history, { heldOut: thresholds.heldOutDays ?? 14, calibration: 0, train: 0 }).heldOut
  const heldOut = examplesIn(history, window, HORIZON_DAYS)
  const held = { history, heldOut, labels: labelsOf(heldOut) }
  const momentum = momentumOf(history)
  const both: Both = {
    ...held,
    candidate: answersOf(request.candidate, held, momentum),
    production: answersOf(request.production, held, momentum),
  }
  const { model } = both.candidate
  const heldOutFrom = history.first + window.from
  return {
    schema: 'slipway.evaluation/1',
    project: 'forecast',
    candidate: request.candidate.digest,
    production: request.production.digest,
    snapshot: request.snapshotDigest,
    heldOut: { from: new Date(heldOutFrom * DAY_MS).toISOString(), to: snapshot.cutoff, rows: heldOut.length },
    gates: [
      schemaGate(snapshot, history, thresholds),
      leakageGate({
        history,
        heldOut,
        heldOutFrom,
        trainedUntil: model.trained.until,
        names: namesOf(model),
        columnsOf: (seen, rows) => matrixOf(seen, rows, namesOf(model), momentumOf(seen)).values,
      }),
      peakGate(both, thresholds),
      costGate(both),
      ...accuracyGates(both, thresholds),
    ],
    metrics: {
      candidate: metricsOf(both, both.candidate, thresholds),
      production: metricsOf(both, both.production, thresholds),
    },
    figures: figuresOf(both, request),
    slices: slicesOf(both, thresholds),
  }
}

function metricsOf(both: Both, answers: Answers, thresholds: Readonly<Record<string, number>>): Record<string, number> {
  const rows = allRows(both)
  return {
    cost: meanOver(answers.losses, rows),
    wape: wapeOf(answers, both.labels, rows),
    coverage: coverageOf(both, answers, thresholds).share,
    alertShare: meanOver(answers.alerts, rows),
    lines: meanOver(both.labels, rows),
  }
}

/** Both releases' losses are priced by their own policies; prices differ between tuples only when somebody changed them. */
function costGate(both: Both): GateResult {
  const rows = allRows(both)
  const value = meanOver(both.candidate.losses, rows)
  const threshold = meanOver(both.production.losses, rows)
  const detail = `cost ${value.toFixed(4)} points a series and day against ${threshold.toFixed(4)} of production on the same days`
  return { name: 'cost_improves', passed: value < threshold, value, threshold, detail }
}
