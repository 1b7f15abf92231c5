/** How much the histograms count beside the network: few photos teach a network less than they teach a regression. */
import { calibrated, fitCalibration } from '../../kit/calibrate.js'
import { mean } from '../../kit/mean.js'
import type { VisionModel } from './artifact.js'
import type { LogisticUnit } from './logistic.js'
import { packFloats } from './network-shape.js'

/** Both count alike unless the photos of the calibration show that the network counts for more. */
const ALIKE = 0.5
const SHARES = [0, 0.25] as const

/** Log-odds of the photos of the calibration, which neither has learned from, and 1 for each that is damaged. */
interface Seen {
  readonly network: Float64Array
  readonly histograms: Float64Array
  readonly labels: Uint8Array
}

/**
 * The histograms' share: a smaller one than the network's where its log loss, after calibration, is lower by more than
 * a standard error of the difference.
 */
export function shareOfHistograms(seen: Seen): number {
  const alike = lossesAt(ALIKE, seen)
  let [best, share] = [0, ALIKE]
  for (const smaller of SHARES) {
    const losses = lossesAt(smaller, seen)
    const gains = alike.map((loss, row) => loss - (losses[row] as number))
    const gain = mean(gains)
    const error = deviationOf(gains) / Math.sqrt(gains.length)
    if (gain > Math.max(best, error)) [best, share] = [gain, smaller]
  }
  return share
}

interface Blend {
  /** Absent where the network alone is better. */
  readonly histograms?: NonNullable<VisionModel['histograms']>
  /** Of the photos of the calibration, by both. */
  readonly logOdds: Float64Array
}

/** @param unit what learned from the histograms */
export function blend({ weights, bias }: LogisticUnit, seen: Seen): Blend {
  const share = shareOfHistograms(seen)
  if (share === 0) return { logOdds: seen.network }
  const { own, others } = factorsOf(share, seen)
  return {
    histograms: {
      weights: packFloats(weights.map((weight) => weight * others)),
      bias: packFloats(Float32Array.of(bias * others)),
      networkFactor: own,
    },
    logOdds: addedUp(share, seen),
  }
}

/** Each in units of its own deviation: a regression of few photos is as sure as one of many. */
const factorsOf = (share: number, { network, histograms }: Seen) => ({
  own: (1 - share) / deviationOf(network),
  others: share / deviationOf(histograms),
})

function addedUp(share: number, seen: Seen): Float64Array {
  const { own, others } = factorsOf(share, seen)
  return seen.network.map((z, row) => own * z + others * (seen.histograms[row] as number))
}

function lossesAt(share: number, seen: Seen): number[] {
  const logOdds = addedUp(share, seen)
  const calibration = fitCalibration(logOdds, seen.labels)
  return Array.from(logOdds, (z, row) => {
    const probability = calibrated(z, calibration)
    return -Math.log(Math.max(seen.labels[row] === 1 ? probability : 1 - probability, Number.EPSILON))
  })
}

/** 1 where all are the same. */
function deviationOf(values: ArrayLike<number>): number {
  const all = Array.from(values)
  const centre = mean(all)
  return Math.sqrt(mean(all.map((value) => (value - centre) ** 2))) || 1
}
