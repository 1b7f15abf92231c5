/** The offline gates: candidate and production on the same held-out pages, which the candidate did not learn from. */
import { SlipwayError } from '../../../contracts/failure.js'
import type { EvaluationReport, GateResult } from '../../../contracts/types.js'
import type { EvaluateRequest } from '../../project.js'
import { readRows } from '../data/rows.js'
import { splitAt } from '../split.js'
import { type Answers, answer, holdOut, mean } from './answers.js'
import { blockedGate } from './blocked.js'
import { figuresOf } from './figures.js'
import { leakageGate } from './leakage.js'
import { schemaGate } from './schema.js'
import { sliceGate, sliceRows, slicesOf } from './slices.js'

export async function evaluate(request: EvaluateRequest): Promise<EvaluationReport> {
  const { snapshot, gates } = request
  const { thresholds } = gates
  const rows = await readRows(request.dataFile)
  const { heldOutFrom, heldOutTo } = splitAt(Date.parse(snapshot.cutoff), thresholds.heldOutDays ?? 7)
  const heldOut = holdOut(rows, { from: heldOutFrom, to: heldOutTo })
  if (heldOut.telling.length === 0) {
    const problem = `snapshot up to ${snapshot.cutoff} has no held-out page on which anything was gained`
    throw new SlipwayError('BadData', `${problem}; name a later cutoff or more data`)
  }
  const candidate = answer(request.candidate, heldOut)
  const production = answer(request.production, heldOut)
  const both = { candidate, production }
  const slices = slicesOf(heldOut.telling)
  const gains = heldOut.telling.flatMap(({ items }) => items.map(({ gain }) => gain ?? 0))
  return {
    schema: 'slipway.evaluation/1',
    project: 'ranking',
    candidate: request.candidate.digest,
    production: request.production.digest,
    snapshot: request.snapshotDigest,
    heldOut: {
      from: new Date(heldOutFrom).toISOString(),
      to: new Date(heldOutTo).toISOString(),
      rows: heldOut.telling.length,
    },
    gates: [
      schemaGate(snapshot, rows, thresholds),
      leakageGate({ model: candidate.model, matrix: candidate.matrix, gains, heldOutFrom, thresholds }),
      blockedGate(request.candidate, candidate.model, heldOut),
      costGate(candidate, production),
      sliceGate(slices, both, thresholds),
    ],
    metrics: { candidate: metricsOf(candidate), production: metricsOf(production) },
    slices: sliceRows(slices, both),
    figures: figuresOf(heldOut, slices, both),
  }
}

const metricsOf = ({ ndcgs, losses }: Answers): Record<string, number> => ({ ndcg10: mean(ndcgs), loss: mean(losses) })

/** Both releases' slates are cut by their own policies. */
function costGate(candidate: Answers, production: Answers): GateResult {
  const value = mean(candidate.losses)
  const threshold = mean(production.losses)
  const detail = `${value.toFixed(4)} of the best slate’s gain lost per page against ${threshold.toFixed(4)} by production`
  return { name: 'cost_improves', passed: value < threshold, value, threshold, detail }
}
