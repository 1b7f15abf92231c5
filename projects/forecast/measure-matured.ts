import type { MaturedWindow, Output } from '../project.js'
import { gates } from './policy.js'

/** A usual day's order lines; a series that sells less than one is counted as one. */
const unitOf = ({ usual = 0 }: Output): number => Math.max(1, usual)

/**
 * In usual days' lines. `mean_absolute_error`: how far the median forecast was from what came. `peak_residual`: how much more came
 * on peaks than the median said; absent where there was no peak.
 */
export function measureMatured({ decisions }: MaturedWindow): Record<string, number> {
  const { peakRatio = 2, peakLines = 2 } = gates.thresholds
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

/** Of fewer a mean says nothing: their residuals spread by about as much as they measure. */
const FEWEST_PEAKS = 20

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
