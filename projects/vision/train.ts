/** Trains a candidate. In order of time: network and histograms, then calibration and the policy's limits. */
import { areaUnderCurve } from '../kit/area-under-curve.js'
import { fitCalibration } from '../kit/calibrate.js'
import type { TrainProgress, TrainRequest, TrainResult } from '../project.js'
import { numbersOf } from './features.js'
import type { VisionModel } from './model/artifact.js'
import { blend } from './model/blend.js'
import { actionPolicyFor } from './model/decide.js'
import { fitLogistic, logOddsBy } from './model/logistic.js'
import { trainNetwork } from './model/network.js'
import { NETWORKS } from './model/network-shape.js'
import { openNetwork } from './model/predict.js'
import { featureVersionOf, readParameters } from './parameters.js'
import { type Examples, readExamples } from './photo-examples.js'
import { withPack } from './photos/photo-pack.js'
import { partsOf, trainedOn } from './training-parts.js'
import { writeModel } from './write-model.js'

type OnProgress = (progress: TrainProgress) => void

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
    const actionPolicy = actionPolicyFor([...learn, ...calibrate])
    return writeModel(request, { model, actionPolicy, metrics: { calibrationAuc: auc } })
  })
}

function logOddsOf(
  network: NonNullable<VisionModel['network']>,
  { photos, numbers }: Examples,
  extras: number,
): Float64Array {
  const open = openNetwork(network)
  return Float64Array.from(photos, (photo, row) => open(photo, [...numbers.subarray(row * extras, (row + 1) * extras)]))
}
