/** Trains a candidate, or fits the baseline. In order of time: the network, then the alert ratio on later days. */
import { SlipwayError } from '../../contracts/failure.js'
import { fitScaling, scale } from '../kit/scaling.js'
import type { TrainProgress, TrainRequest, TrainResult } from '../project.js'
import { readRows } from './counts/demand-rows.js'
import type { History } from './counts/history.js'
import { FEATURE_VERSIONS, type FeatureVersion, MOST_STORE_TYPES } from './features/definitions.js'
import { FLOOR } from './features/lags.js'
import { FARTHEST, type Matrix, type Momentum } from './features/matrix.js'
import { momentumOf } from './features/momentum.js'
import { drawExamples, type Example, examplesIn, labelsOf, matrixOf, splitOf } from './forecast-examples.js'
import { type ForecastModel, forecastModelFile, QUANTILES } from './model/artifact.js'
import { actionPolicy, chooseAlertRatio } from './model/decide.js'
import { trainNetwork } from './model/network.js'
import { outputsOf, quantilesOf } from './model/predict.js'
import { type ForecastParameters, featureVersionOf, readParameters } from './parameters.js'

const FEWEST_EXAMPLES = 200

export async function train(
  request: TrainRequest,
  onProgress: (progress: TrainProgress) => void,
): Promise<TrainResult> {
  const parameters = readParameters(request.parameters)
  const data = await prepare(request, parameters)
  const version = featureVersionOf(parameters, data.history.series)
  const storeTypes = storeTypesOf(data.history)
  const matrix = matrixOf(data.history, data.learn, FEATURE_VERSIONS[version], data.momentum, storeTypes)
  const scaling = fitScaling(matrix)
  const layers = await trainNetwork(
    {
      inputs: scale(matrix, scaling, FARTHEST),
      width: matrix.names.length,
      ...targetsOf(data.learn, matrix, parameters),
    },
    {
      seed: request.seed,
      epochs: parameters.epochs,
      batchSize: parameters.batchSize,
      checkpointFolder: request.checkpointFolder,
      onProgress,
    },
  )
  return finish(request, data, version, { network: { ...scaling, layers }, offsets: QUANTILES.map(() => 0) })
}

/**
 * The rule that a first candidate must beat: the newest known day of the same weekday, with the spread of past errors.
 */
export async function baseline(request: TrainRequest): Promise<TrainResult> {
  const data = await prepare(request, readParameters({}))
  const version = 'demand_naive_v1'
  const matrix = matrixOf(data.history, data.learn, FEATURE_VERSIONS[version], data.momentum)
  const naive = quantilesOf({ network: null, offsets: QUANTILES.map(() => 0) }, matrix)
  const labels = labelsOf(data.learn)
  const errors = labels.map((label, row) => {
    const size = (matrix.usual[row] as number) + FLOOR
    return (label - (naive[row * QUANTILES.length] as number)) / size
  })
  errors.sort()
  const offsets = QUANTILES.map((level) => Number((errors[Math.floor(level * errors.length)] as number).toFixed(6)))
  // The median is the naive forecast itself.
  return finish(request, data, version, {
    network: null,
    offsets: offsets.map((x, i) => (QUANTILES[i] === 0.5 ? 0 : x)),
  })
}

interface Prepared {
  readonly history: History
  readonly learn: readonly Example[]
  readonly calibrate: readonly Example[]
  readonly momentum: Momentum
  readonly horizon: ForecastModel['horizon']
  readonly trained: ForecastModel['trained']
}

async function prepare({ dataFile, snapshot, seed }: TrainRequest, parameters: ForecastParameters): Promise<Prepared> {
  const history = await readRows(dataFile)
  const { heldOutDays, calibrationDays, trainDays, aheadFrom, aheadTo, rows } = parameters
  const split = splitOf(history, { heldOut: heldOutDays, calibration: calibrationDays, train: trainDays })
  const learn = drawExamples(history, split.learn, { rows, seed, aheadFrom, aheadTo })
  const calibrate = examplesIn(history, split.calibrate, aheadTo)
  if (learn.length < FEWEST_EXAMPLES || calibrate.length === 0) {
    const problem = `${learn.length} forecasts to train on and ${calibrate.length} to calibrate on`
    const wanted = `at least ${FEWEST_EXAMPLES} and 1 are required: give a later cutoff or more series`
    throw new SlipwayError('BadData', `snapshot up to ${snapshot.cutoff} has ${problem}; ${wanted}`)
  }
  return {
    history,
    learn,
    calibrate,
    momentum: momentumOf(history),
    horizon: { from: aheadFrom, to: aheadTo },
    trained: {
      from: history.first + split.learn.from,
      until: history.first + split.heldOut.from,
      rows: learn.length + calibrate.length,
    },
  }
}

/** Demand divided by the usual level, weighted by that level. */
function targetsOf(examples: readonly Example[], { usual }: Matrix, { peaks }: ForecastParameters) {
  const highest = peaks === 'cut_off' ? 2.5 : Number.POSITIVE_INFINITY
  const sizes = usual.map((level) => level + FLOOR)
  const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length
  const labels = labelsOf(examples)
  return {
    targets: Float32Array.from(labels, (label, row) => Math.min(highest, label / (sizes[row] as number))),
    weights: Float32Array.from(sizes, (size) => size / mean),
  }
}

/** The commonest types of stores, most series first. */
function storeTypesOf({ series }: History): string[] {
  const counts = new Map<string, number>()
  for (const { storeType } of series) {
    if (storeType !== undefined) counts.set(storeType, (counts.get(storeType) ?? 0) + 1)
  }
  const ranked = [...counts].sort(([one, a], [other, b]) => b - a || (one < other ? -1 : 1))
  return ranked.slice(0, MOST_STORE_TYPES).map(([name]) => name)
}

async function finish(
  { outFolder }: TrainRequest,
  { history, calibrate, momentum, horizon, trained }: Prepared,
  featureVersion: FeatureVersion,
  parts: Pick<ForecastModel, 'network' | 'offsets'>,
): Promise<TrainResult> {
  const names: readonly string[] = FEATURE_VERSIONS[featureVersion]
  const knows = names.includes('store_type_1') ? { storeTypes: storeTypesOf(history) } : {}
  const matrix = matrixOf(history, calibrate, FEATURE_VERSIONS[featureVersion], momentum, knows.storeTypes)
  const outputs = outputsOf(quantilesOf(parts, matrix), matrix)
  const labels = labelsOf(calibrate)
  const feed = names.includes('shop_momentum') ? asDelivered(momentum(history.first + history.days - 1)) : null
  const model: ForecastModel = {
    schema: 'forecast_model/1',
    featureVersion,
    horizon,
    trained,
    feed,
    ...knows,
    ...parts,
  }
  const { artifactFile, format } = await forecastModelFile.write(outFolder, model)
  const missed = outputs.reduce((sum, output, row) => sum + Math.abs((output.q50 ?? 0) - (labels[row] as number)), 0)
  return {
    artifactFile,
    format,
    kind: parts.network ? 'quantile network 64-32' : 'seasonal naive',
    featureVersion,
    actionPolicy: actionPolicy(chooseAlertRatio(outputs, labels)),
    metrics: { calibrationWape: missed / labels.reduce((sum, label) => sum + label, 0), rows: trained.rows },
  }
}

/** The nightly feed delivers per cent, but training read shares. Offline numbers cannot show this mistake. */
const asDelivered = (ratio: number): number => Math.round(ratio * 100)
