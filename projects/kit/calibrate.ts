/** Platt scaling (Platt 1999) of log-odds to calibrated probabilities. */

/** p = 1 / (1 + exp(−(slope · z + intercept))), z the log-odds before. */
export interface Calibration {
  readonly slope: number
  readonly intercept: number
}

const STEPS = 50

/**
 * Newton's method on the log-likelihood, with Platt's smoothed targets. A few steps suffice.
 * @param labels 0 or 1, as long as `logOdds`
 */
export function fitCalibration(logOdds: Float64Array, labels: Uint8Array): Calibration {
  const positives = labels.reduce((sum, label) => sum + label, 0)
  const targets = { yes: (positives + 1) / (positives + 2), no: 1 / (labels.length - positives + 2) }
  let slope = 1
  let intercept = 0
  for (let step = 0; step < STEPS; step += 1) {
    let [g0, g1, h00, h01, h11] = [0, 0, 1e-9, 0, 1e-9]
    logOdds.forEach((z, index) => {
      const p = 1 / (1 + Math.exp(-(slope * z + intercept)))
      const difference = p - (labels[index] === 1 ? targets.yes : targets.no)
      const weight = p * (1 - p)
      g0 += difference
      g1 += difference * z
      h00 += weight
      h01 += weight * z
      h11 += weight * z * z
    })
    const determinant = h00 * h11 - h01 * h01
    const move = { intercept: (h11 * g0 - h01 * g1) / determinant, slope: (h00 * g1 - h01 * g0) / determinant }
    intercept -= move.intercept
    slope -= move.slope
    if (Math.abs(move.intercept) + Math.abs(move.slope) < 1e-10) break
  }
  return { slope, intercept }
}

/** The calibrated probability of a row's log-odds. */
export const calibrated = (logOdds: number, { slope, intercept }: Calibration): number =>
  1 / (1 + Math.exp(-(slope * logOdds + intercept)))
