/** The critical slice: days on which a series sold far more than usual. Whoever has too little then loses customers. */
import type { GateResult } from '../../../contracts/types.js'
import { type Answers, type Both, meanOver } from './answers.js'

type Thresholds = Readonly<Record<string, number>>

/** Rows with at least `peakRatio` times the usual lines, and `peakLines` more than them. */
export function peakRows(
  { labels, production }: Pick<Both, 'labels' | 'production'>,
  thresholds: Thresholds,
): number[] {
  const { peakRatio = 2, peakLines = 2 } = thresholds
  return [...labels.keys()].filter((row) => {
    const usual = production.outputs[row]?.usual ?? 0
    return (labels[row] as number) >= peakRatio * usual && (labels[row] as number) >= usual + peakLines
  })
}

/** Underforecast cost on peak days, against production's. A model that evens everything out is cheap on average and dear here. */
export function peakGate(both: Both, thresholds: Thresholds): GateResult {
  const rows = peakRows(both, thresholds)
  const cost = ({ short }: Answers) => meanOver(short, rows)
  const value = cost(both.candidate)
  const threshold = cost(both.production) * (thresholds.maxPeakCostRatio ?? 1.02)
  const name = 'critical_slice_pass'
  if (rows.length === 0)
    return {
      name,
      passed: false,
      value: null,
      threshold: null,
      detail: 'no peak day was held out, so nothing is known of them',
    }
  const detail = `${value.toFixed(3)} points for lines not served on ${rows.length} peak days, at most ${threshold.toFixed(3)} wanted`
  return { name, passed: value <= threshold, value, threshold, detail }
}
