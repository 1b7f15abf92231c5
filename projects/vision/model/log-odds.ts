/** The log-odds of damage before calibration: the network's, or those of the network and the histograms together. */
import type { VisionModel } from './artifact.js'
import { histogramsOf } from './histograms.js'
import { logOddsBy } from './logistic.js'
import { unpackFloats } from './network-shape.js'
import { openNetwork } from './predict.js'
import { standardised } from './standardise.js'

/** @param pixels 224 × 224 × 3 @param numbers the further inputs of the feature version */
export type LogOdds = (pixels: Uint8Array, numbers: readonly number[]) => number

/** Null for a model with neither, whose answer is the share of damaged photos. */
export function openLogOdds({ network, histograms }: Pick<VisionModel, 'network' | 'histograms'>): LogOdds | null {
  const byNetwork = network && openByNetwork(network)
  if (histograms === undefined) return byNetwork
  const [bias = 0] = unpackFloats(histograms.bias)
  const unit = logOddsBy({ weights: unpackFloats(histograms.weights), bias })
  const byHistograms: LogOdds = (pixels) => unit(histogramsOf(pixels))
  if (byNetwork === null) return byHistograms
  return (pixels, numbers) => histograms.networkFactor * byNetwork(pixels, numbers) + byHistograms(pixels, numbers)
}

function openByNetwork(network: NonNullable<VisionModel['network']>): LogOdds {
  const open = openNetwork(network)
  return (pixels, numbers) => open(standardised(pixels, network.edge), numbers)
}
