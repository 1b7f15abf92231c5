/**
 * Evaluates a candidate against production on the same two held-out weeks, on which it was neither trained nor
 * calibrated.
 */
import { DAY_MS } from '../../../contracts/duration.js'
import type { EvaluationReport } from '../../../contracts/types.js'
import { costGate } from '../../kit/cost-gate.js'
import { reportOf } from '../../kit/evaluation-report.js'
import type { EvaluateRequest } from '../../project.js'
import { readRows } from '../counts/demand-rows.js'
import { HORIZON_DAYS } from '../features/horizon.js'
import { momentumOf } from '../features/momentum.js'
import { examplesIn, labelsOf, matrixOf, splitOf } from '../forecast-examples.js'
import { namesOf } from '../model/artifact.js'
import { type ForecastThresholds, LOSS_UNIT, thresholdsOf } from '../policy.js'
import { accuracyGates, coverageOf } from './accuracy.js'
import { type Answers, allRows, answersOf, type Both, meanOver, wapeOf } from './answers.js'
import { figuresOf } from './figures.js'
import { leakageGate } from './leakage.js'
import { peakGate } from './peaks.js'
import { schemaGate } from './schema.js'
import { slicesOf } from './slices.js'

export async function evaluate(request: EvaluateRequest): Promise<EvaluationReport> {
  const { snapshot } = request
  const thresholds = thresholdsOf(request.gates)
  const history = await readRows(request.dataFile)
  const window = splitOf(history, { heldOut: thresholds.heldOutDays, calibration: 0, train: 0 }).heldOut
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
  return reportOf('forecast', request, {
    heldOut: { from: new Date(heldOutFrom * DAY_MS).toISOString(), to: snapshot.cutoff, rows: heldOut.length },
    gates: [
      schemaGate(snapshot, history, thresholds),
      leakageGate({
        history,
        heldOut,
        heldOutFrom,
        trainedUntil: model.trained.until,
        names: namesOf(model),
        columnsOf: (seen, rows) => matrixOf(seen, rows, namesOf(model), momentumOf(seen), model.storeTypes).values,
      }),
      peakGate(both, thresholds, request.offline),
      costGate({ candidate: both.candidate.losses, production: both.production.losses, unit: LOSS_UNIT }),
      ...accuracyGates(both, thresholds),
    ],
    metrics: {
      candidate: metricsOf(both, both.candidate, thresholds),
      production: metricsOf(both, both.production, thresholds),
    },
    figures: figuresOf(both, request, thresholds),
    slices: slicesOf(both, thresholds),
  })
}

function metricsOf(both: Both, answers: Answers, thresholds: ForecastThresholds): Record<string, number> {
  const rows = allRows(both)
  return {
    cost: meanOver(answers.losses, rows),
    wape: wapeOf(answers, both.labels, rows),
    coverage: coverageOf(both, answers, thresholds).share,
    alertShare: meanOver(answers.alerts, rows),
    lines: meanOver(both.labels, rows),
  }
}
