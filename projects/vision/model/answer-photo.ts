/** A model's output for one photo. Live scoring and evaluation both use it. */
import { calibrated } from '../../kit/calibrate.js'
import type { Output } from '../../project.js'
import { type decode, isReadable } from '../photos/decode-photo.js'
import { qualityOf } from '../photos/quality.js'
import type { VisionModel } from './artifact.js'
import { openLogOdds } from './log-odds.js'

export type Answer = (photo: Awaited<ReturnType<typeof decode>>, numbers: readonly number[]) => Output

/** The output for an unreadable file: every quality is 0, so that the policy requests another photo. */
const NOTHING = { probability: 0, brightness: 0, sharpness: 0, size: 0, readable: 0 } as const

type Parts = Pick<VisionModel, 'network' | 'histograms' | 'rate' | 'calibration'>

export function answerOf({ rate, calibration, ...model }: Parts): Answer {
  const logOdds = openLogOdds(model)
  return (photo, numbers) => {
    if (!isReadable(photo)) return { ...NOTHING }
    const probability = logOdds ? calibrated(logOdds(photo.pixels, numbers), calibration) : rate
    return { probability, ...qualityOf(photo), readable: 1 }
  }
}
