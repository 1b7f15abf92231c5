/** A model's output for one photo: what live traffic, evaluation and calibration all go by. */
import type { Output } from '../project.js'
import type { VisionModel } from './model/artifact.js'
import { calibrated, openNetwork } from './model/predict.js'
import { standardised } from './model/standardise.js'
import { type decode, isReadable } from './photos/decode.js'
import { qualityOf } from './photos/quality.js'

export type Answer = (photo: Awaited<ReturnType<typeof decode>>, numbers: readonly number[]) => Output

/** A file that cannot be read shows nothing: every quality is 0, and the policy asks for another. */
const NOTHING = { probability: 0, brightness: 0, sharpness: 0, size: 0, readable: 0 } as const

export function answerOf({
  network,
  rate,
  calibration,
}: Pick<VisionModel, 'network' | 'rate' | 'calibration'>): Answer {
  const open = network && openNetwork(network)
  return (photo, numbers) => {
    if (!isReadable(photo)) return { ...NOTHING }
    const probability =
      network && open ? calibrated(open(standardised(photo.pixels, network.edge), numbers), calibration) : rate
    return { probability, ...qualityOf(photo), readable: 1 }
  }
}
