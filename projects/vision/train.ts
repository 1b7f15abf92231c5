/**
 * Trains a candidate, or fits the baseline. In order of time: network and histograms, then calibration and the policy's
 * limits.
 */
import { SlipwayError } from '../../contracts/failure.js'
import type { SnapshotManifest } from '../../contracts/types.js'
import { areaUnderCurve } from '../kit/area-under-curve.js'
import { fitCalibration } from '../kit/calibrate.js'
import type { TrainProgress, TrainRequest, TrainResult } from '../project.js'
import { type FeatureVersion, numbersOf } from './features.js'
import { type VisionModel, visionModelFile } from './model/artifact.js'
import { blend } from './model/blend.js'
import { actionPolicyFor, reviewAll } from './model/decide.js'
import { fitLogistic, logOddsBy } from './model/logistic.js'
import { trainNetwork } from './model/network.js'
import { NETWORKS } from './model/network-shape.js'
import { openNetwork } from './model/predict.js'
import { featureVersionOf, readParameters, type VisionParameters } from './parameters.js'
import { type Examples, readExamples } from './photo-examples.js'
import type { LabelledPhoto } from './photos/photo.js'
import { withPack } from './photos/photo-pack.js'
import { hashOf, type Parts, splitPhotos, splitShipments } from './split.js'

type OnProgress = (progress: TrainProgress) => void
type Learned = Pick<Parts, 'learn' | 'calibrate'>

export function train(request: TrainRequest, onProgress: OnProgress): Promise<TrainResult> {
  const parameters = readParameters(request.parameters)
  const version = featureVersionOf(parameters)
  const shape = NETWORKS[parameters.network]
  return withPack(request.dataFile, async (pack) => {
    const { learn, calibrate } = partsOf(pack.rows, parameters, request.snapshot)
    const examples = await readExamples(pack, learn, shape.edge, version)
    const network = await trainNetwork(
      shape,
      { ...examples, extras: numbersOf(version).length },
      {
        seed: request.seed,
        epochs: parameters.epochs,
        batchSize: parameters.batchSize,
        learningRate: parameters.learningRate,
        turned: parameters.turned,
        checkpointFolder: request.checkpointFolder,
        onProgress,
      },
    )
    const later = await readExamples(pack, calibrate, shape.edge, version)
    const unit = fitLogistic(examples.histograms, examples.labels)
    const seen = {
      network: logOddsOf(network, later, numbersOf(version).length),
      histograms: Float64Array.from(later.histograms, logOddsBy(unit)),
      labels: later.labels,
    }
    const { logOdds, ...blended } = blend(unit, seen)
    const calibration = fitCalibration(logOdds, later.labels)
    const auc = areaUnderCurve(logOdds, later.labels)
    const model = { featureVersion: version, network, ...blended, calibration, ...trainedOn({ learn, calibrate }) }
    return finish(request, model, actionPolicyFor([...learn, ...calibrate]), { calibrationAuc: auc })
  })
}

/** The rule that a first candidate must beat: every photo is reviewed. */
export function baseline(request: TrainRequest): Promise<TrainResult> {
  return withPack(request.dataFile, async ({ rows }) => {
    const learned = partsOf(rows, readParameters({}), request.snapshot)
    const calibration = { slope: 1, intercept: 0 }
    const model = { featureVersion: 'parcel_review_all_v1', network: null, calibration, ...trainedOn(learned) } as const
    return finish(request, model, reviewAll(), {})
  })
}

/** The usable photos of each part. Unusable photos hold no information about damage. */
function partsOf(
  rows: Parameters<typeof splitShipments>[0],
  parameters: VisionParameters,
  { cutoff }: SnapshotManifest,
): Learned {
  const shares = { heldOut: parameters.heldOutShare, calibration: parameters.calibrationShare }
  const parts = parameters.split === 'by_photo' ? splitPhotos(rows, shares) : splitShipments(rows, shares)
  const usable = (photos: readonly LabelledPhoto[]) => photos.filter(({ review }) => review.usable === 1)
  const learned = { learn: usable(parts.learn).slice(-parameters.mostPhotos), calibrate: usable(parts.calibrate) }
  for (const [what, photos] of [['training', learned.learn] as const, ['calibration', learned.calibrate] as const]) {
    const damaged = photos.filter(({ review }) => review.damaged === 1).length
    if (damaged >= 3 && damaged <= photos.length - 3) continue
    const problem = `${photos.length} usable photos for ${what}, ${damaged} of them damaged`
    throw new SlipwayError(
      'BadData',
      `the snapshot up to ${cutoff} has ${problem}; at least 3 of each are required: add photos`,
    )
  }
  return learned
}

function logOddsOf(
  network: NonNullable<VisionModel['network']>,
  { photos, numbers }: Examples,
  extras: number,
): Float64Array {
  const open = openNetwork(network)
  return Float64Array.from(photos, (photo, row) => open(photo, [...numbers.subarray(row * extras, (row + 1) * extras)]))
}

function trainedOn({ learn, calibrate }: Learned): Pick<VisionModel, 'trained' | 'rate'> {
  const photos = [...learn, ...calibrate]
  const damaged = photos.filter(({ review }) => review.damaged === 1).length
  const shipments = [...new Set(photos.map(({ shipment }) => hashOf(shipment)))].sort()
  return { trained: { shipments, rows: photos.length }, rate: damaged / photos.length }
}

async function finish(
  { outFolder }: TrainRequest,
  model: Omit<VisionModel, 'schema'> & { featureVersion: FeatureVersion },
  actionPolicy: TrainResult['actionPolicy'],
  metrics: Record<string, number>,
): Promise<TrainResult> {
  const { artifactFile, format } = await visionModelFile.write(outFolder, { schema: 'vision_model/1', ...model })
  const stages = model.network?.stages.map(({ filters }) => filters).join('-')
  const beside = model.histograms ? ' and gradient histograms' : ''
  return {
    artifactFile,
    format,
    kind: stages === undefined ? 'review everything' : `convolutional network ${stages}${beside}`,
    featureVersion: model.featureVersion,
    actionPolicy,
    metrics: { ...metrics, rows: model.trained.rows, damagedShare: model.rate },
  }
}
