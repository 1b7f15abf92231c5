/**
 * The critical slice: days on which a series sold far more than usual. Too little supply on such days loses customers.
 */
import type { GateResult, OfflinePolicy } from '../../../contracts/types.js'
import { withSliceLimits } from '../../kit/critical-slice.js'
import type { ForecastThresholds } from '../policy.js'
import { type Answers, type Both, meanOver } from './answers.js'

export type PeakThresholds = Pick<ForecastThresholds, 'peakRatio' | 'peakLines'>

/** Rows with at least `peakRatio` times the usual lines, and `peakLines` more than them. */
export function peakRows(
  { labels, production }: Pick<Both, 'labels' | 'production'>,
  { peakRatio, peakLines }: PeakThresholds,
): number[] {
  return [...labels.keys()].filter((row) => {
    const usual = production.outputs[row]?.usual ?? 0
    return (labels[row] as number) >= peakRatio * usual && (labels[row] as number) >= usual + peakLines
  })
}

/**
 * Underforecast cost on peak days, against production's. A model that smooths everything is cheap on average, but not
 * here.
 */
export function peakGate(
  both: Both,
  thresholds: PeakThresholds & Pick<ForecastThresholds, 'maxPeakCostRatio'>,
  offline?: OfflinePolicy,
): GateResult {
  const rows = peakRows(both, thresholds)
  const cost = ({ short }: Answers) => meanOver(short, rows)
  const value = cost(both.candidate)
  const threshold = cost(both.production) * thresholds.maxPeakCostRatio
  const name = 'critical_slice_pass'
  if (rows.length === 0)
    return {
      name,
      passed: false,
      value: null,
      threshold: null,
      detail: 'no peak day is in the held-out days, so the slice cannot be measured',
    }
  const detail = `${value.toFixed(3)} points for lines not served on ${rows.length} peak days, at most ${threshold.toFixed(3)} allowed`
  const served = (answers: Answers) => rows.map((row) => answers.served[row] as number)
  const [candidate, production] = [served(both.candidate), served(both.production)]
  const gate = { name, passed: value <= threshold, value, threshold, detail }
  return withSliceLimits(gate, { what: 'share of lines served on peak days', candidate, production }, offline)
}
