/** Evaluates a candidate against production on the same held-out pages. The candidate was not trained on them. */
import { SlipwayError } from '../../../contracts/failure.js'
import type { EvaluationReport } from '../../../contracts/types.js'
import { costGate } from '../../kit/cost-gate.js'
import { reportOf } from '../../kit/evaluation-report.js'
import { mean } from '../../kit/mean.js'
import type { EvaluateRequest } from '../../project.js'
import { readRows } from '../data/page-rows.js'
import { LOSS_UNIT, thresholdsOf } from '../policy.js'
import { splitAt } from '../split.js'
import { type Answers, answer, holdOut } from './answers.js'
import { blockedGate } from './blocked.js'
import { figuresOf } from './figures.js'
import { leakageGate } from './leakage.js'
import { schemaGate } from './schema.js'
import { singleFeatureGate } from './single-feature.js'
import { sliceGate, sliceRows, slicesOf } from './slices.js'

export async function evaluate(request: EvaluateRequest): Promise<EvaluationReport> {
  const { snapshot } = request
  const thresholds = thresholdsOf(request.gates)
  const rows = await readRows(request.dataFile)
  const { heldOutFrom, heldOutTo } = splitAt(Date.parse(snapshot.cutoff), thresholds.heldOutDays)
  const heldOut = holdOut(rows, { from: heldOutFrom, to: heldOutTo })
  if (heldOut.scored.length === 0) {
    const problem = `snapshot up to ${snapshot.cutoff} has no held-out page with a gain`
    throw new SlipwayError('BadData', `${problem}; give a later cutoff or more data`)
  }
  const candidate = answer(request.candidate, heldOut)
  const production = answer(request.production, heldOut)
  const both = { candidate, production }
  const slices = slicesOf(heldOut.scored)
  const gains = heldOut.scored.flatMap(({ items }) => items.map(({ gain }) => gain ?? 0))
  return reportOf('ranking', request, {
    heldOut: {
      from: new Date(heldOutFrom).toISOString(),
      to: new Date(heldOutTo).toISOString(),
      rows: heldOut.scored.length,
    },
    gates: [
      schemaGate(snapshot, rows, thresholds),
      leakageGate({ model: candidate.model, matrix: candidate.matrix, gains, heldOutFrom, thresholds }),
      blockedGate(request.candidate, candidate.model, heldOut),
      costGate({ candidate: candidate.losses, production: production.losses, unit: LOSS_UNIT }),
      sliceGate(slices, both, thresholds, request.offline),
      singleFeatureGate(candidate, heldOut),
    ],
    metrics: { candidate: metricsOf(candidate), production: metricsOf(production) },
    slices: sliceRows(slices, both),
    figures: figuresOf(heldOut, slices, both),
  })
}

const metricsOf = ({ ndcgs, losses }: Answers): Record<string, number> => ({ ndcg10: mean(ndcgs), loss: mean(losses) })
