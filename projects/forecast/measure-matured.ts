import { mean } from '../kit/mean.js'
import type { MaturedWindow, Output } from '../project.js'
import { THRESHOLDS } from './policy.js'

/** A usual day's order lines. A series that sells less than one line counts as one. */
const unitOf = ({ usual = 0 }: Output): number => Math.max(1, usual)

/** The mean of fewer peaks is too uncertain: their residuals vary by about as much as they measure. */
const FEWEST_PEAKS = 20

/**
 * In usual days' lines. `mean_absolute_error`: distance of the median forecast from the actual count. `peak_residual`:
 * how much more than the median was sold on peaks; absent when there were too few peaks.
 */
export function measureMatured({ decisions }: MaturedWindow): Record<string, number> {
  const { peakRatio, peakLines } = THRESHOLDS
  const errors = decisions.map(({ output, label }) => (Number(label) - (output.q50 ?? 0)) / unitOf(output))
  const onPeaks = errors.filter((_, index) => {
    const { output, label } = decisions[index] as (typeof decisions)[number]
    const { usual = 0 } = output
    return Number(label) >= peakRatio * usual && Number(label) >= usual + peakLines
  })
  return {
    ...(errors.length === 0 ? {} : { mean_absolute_error: mean(errors.map(Math.abs)) }),
    ...(onPeaks.length < FEWEST_PEAKS ? {} : { peak_residual: mean(onPeaks) }),
  }
}
