/**
 * The first release, which goes to production without a candidate's gates: gradient histograms with a logistic
 * regression where held-out shipments show that they are better than reviewing every photo; otherwise every photo is
 * reviewed.
 */
import { areaUnderCurve } from '../kit/area-under-curve.js'
import { fitCalibration } from '../kit/calibrate.js'
import { mean } from '../kit/mean.js'
import type { LoadedRelease, TrainRequest, TrainResult } from '../project.js'
import { answerHeldOut, type HeldOut } from './gates/answers.js'
import { worstSourceGate } from './gates/slices.js'
import { usableGate } from './gates/usable.js'
import { visionModelFile } from './model/artifact.js'
import { actionPolicyFor, reviewAll } from './model/decide.js'
import { fitLogistic, logOddsBy } from './model/logistic.js'
import { packFloats } from './model/network-shape.js'
import { readParameters } from './parameters.js'
import { readHistograms } from './photo-examples.js'
import { type Pack, withPack } from './photos/photo-pack.js'
import { gates, policy, thresholdsOf } from './policy.js'
import { splitShipments } from './split.js'
import { type Learned, partsOf, trainedOn } from './training-parts.js'
import { type TrainedModel, writeModel } from './write-model.js'

/** Spread evenly over the photos to learn from. Decoding them takes most of the time. */
const MOST_PHOTOS = 1_500
const FIRST_PHOTOS = 300

/** Below this area under the curve, learned from the first photos and measured on those of the calibration, it ends. */
const LEAST_AUC = 0.7

/** @throws SlipwayError BadData when there are too few photos to learn from */
export function baseline(request: TrainRequest): Promise<TrainResult> {
  const parameters = readParameters({})
  return withPack(request.dataFile, async (pack) => {
    const parts = partsOf(pack.rows, parameters, request.snapshot)
    const everything = reviewingEverything(parts)
    const later = await readHistograms(pack, parts.calibrate)
    const attempt = await byHistograms(pack, thinned(parts, FIRST_PHOTOS), later)
    if (attempt.metrics.calibrationAuc < LEAST_AUC) return writeModel(request, everything)
    const isAll = parts.learn.length <= FIRST_PHOTOS
    const learned = isAll ? attempt : await byHistograms(pack, thinned(parts, MOST_PHOTOS), later)
    const shares = { heldOut: parameters.heldOutShare, calibration: parameters.calibrationShare }
    const { heldOut } = splitShipments(pack.rows, shares)
    const releases = { candidate: asRelease(learned), production: asRelease(everything) }
    return writeModel(request, isBetter(await answerHeldOut(pack, heldOut, releases)) ? learned : everything)
  })
}

const reviewingEverything = (parts: Learned): TrainedModel => ({
  model: {
    featureVersion: 'parcel_review_all_v1',
    network: null,
    calibration: { slope: 1, intercept: 0 },
    ...trainedOn(parts),
  },
  actionPolicy: reviewAll(),
  metrics: {},
})

function thinned({ learn, calibrate }: Learned, most: number): Learned {
  const step = Math.ceil(learn.length / most)
  return { learn: learn.filter((_, index) => index % step === 0), calibrate }
}

/** @param later histograms of the photos of the calibration */
async function byHistograms(pack: Pack, parts: Learned, later: Awaited<ReturnType<typeof readHistograms>>) {
  const examples = await readHistograms(pack, parts.learn)
  const unit = fitLogistic(examples.histograms, examples.labels)
  const logOdds = Float64Array.from(later.histograms, logOddsBy(unit))
  return {
    model: {
      featureVersion: 'parcel_rgb_224_v1',
      network: null,
      histograms: {
        weights: packFloats(unit.weights),
        bias: packFloats(Float32Array.of(unit.bias)),
        networkFactor: 0,
      },
      calibration: fitCalibration(logOdds, later.labels),
      ...trainedOn(parts),
    },
    actionPolicy: actionPolicyFor([...parts.learn, ...parts.calibrate]),
    metrics: { calibrationAuc: areaUnderCurve(logOdds, later.labels) },
  } as const satisfies TrainedModel
}

/** Not yet registered: only its answers are wanted. */
function asRelease({ model, actionPolicy }: TrainedModel): LoadedRelease {
  const { featureVersion } = model
  const artifact = Buffer.from(visionModelFile.encode({ schema: 'vision_model/1', ...model }))
  return { digest: '', featureVersion, actionPolicy, artifact }
}

/**
 * Whether the gates of a candidate pass against reviewing everything, and the saved cost is more than two standard
 * errors of its mean: chance alone must not put a model into production.
 */
function isBetter(answers: HeldOut): boolean {
  const thresholds = thresholdsOf(gates)
  const passed = [worstSourceGate(answers, thresholds, policy.offline), usableGate(answers, thresholds)]
  const saved = answers.production.losses.map((loss, row) => loss - (answers.candidate.losses[row] as number))
  const centre = mean(saved)
  const error = Math.sqrt(mean(saved.map((value) => (value - centre) ** 2)) / saved.length)
  return passed.every((gate) => gate.passed) && centre > 2 * error
}
