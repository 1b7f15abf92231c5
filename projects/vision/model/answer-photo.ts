/** A model's output for one photo. Live scoring and evaluation both use it. */
import { calibrated } from '../../kit/calibrate.js'
import type { Output } from '../../project.js'
import { type decode, isReadable } from '../photos/decode-photo.js'
import { qualityOf } from '../photos/quality.js'
import type { VisionModel } from './artifact.js'
import { openNetwork } from './predict.js'
import { standardised } from './standardise.js'

export type Answer = (photo: Awaited<ReturnType<typeof decode>>, numbers: readonly number[]) => Output

/** The output for an unreadable file: every quality is 0, so that the policy requests another photo. */
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
