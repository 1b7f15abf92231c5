/**
 * Gates beyond the required ones: WAPE of the medians against production and the naive forecast, and interval coverage.
 */
import type { GateResult } from '../../../contracts/types.js'
import { inputAt } from '../features/demand-input.js'
import { lagsOf } from '../features/lags.js'
import type { ForecastThresholds } from '../policy.js'
import { type Answers, allRows, type Both, wapeOf } from './answers.js'

export function accuracyGates(both: Both, thresholds: ForecastThresholds): GateResult[] {
  const rows = allRows(both)
  const value = wapeOf(both.candidate, both.labels, rows)
  const against = (name: string, other: number, ratio: number, whose: string): GateResult => {
    const threshold = other * ratio
    const detail = `WAPE ${value.toFixed(4)} against ${other.toFixed(4)} of ${whose}, at most ${threshold.toFixed(4)} allowed`
    return { name, passed: value <= threshold, value, threshold, detail }
  }
  return [
    against(
      'wape_against_production',
      wapeOf(both.production, both.labels, rows),
      thresholds.maxWapeRatio,
      'production',
    ),
    against('wape_against_naive', naiveWape(both), 1, 'the newest known day of the same weekday'),
    coverageGate(both, thresholds),
  ]
}

/** It does not depend on any release: production may be better than the naive forecast. */
function naiveWape({ history, heldOut, labels }: Both): number {
  let missed = 0
  let lines = 0
  heldOut.forEach(({ series, target, ahead }, row) => {
    const { sameWeekday, usual } = lagsOf(inputAt(history, series, target, ahead))
    missed += Math.abs((sameWeekday[0] ?? usual) - (labels[row] as number))
    lines += labels[row] as number
  })
  return missed / lines
}

/** Share of labels from q10 to q90, of series that sell enough for whole lines to meet an interval's level. */
export function coverageOf(
  both: Both,
  { outputs }: Answers,
  { coverageFromLevel }: Pick<ForecastThresholds, 'coverageFromLevel'>,
): { share: number; rows: number } {
  const rows = allRows(both).filter((row) => (outputs[row]?.usual ?? 0) >= coverageFromLevel)
  const inside = rows.filter((row) => {
    const { q10 = 0, q90 = 0 } = outputs[row] ?? {}
    return (both.labels[row] as number) >= q10 && (both.labels[row] as number) <= q90
  })
  return { share: rows.length === 0 ? 0 : inside.length / rows.length, rows: rows.length }
}

function coverageGate(both: Both, thresholds: ForecastThresholds): GateResult {
  const { share, rows } = coverageOf(both, both.candidate, thresholds)
  const { minCoverage, maxCoverage } = thresholds
  const detail = `${(share * 100).toFixed(1)} % of ${rows} labels from q10 to q90, ${minCoverage * 100} to ${maxCoverage * 100} % required`
  return {
    name: 'interval_coverage',
    passed: share >= minCoverage && share <= maxCoverage,
    value: share,
    threshold: minCoverage,
    detail,
  }
}
