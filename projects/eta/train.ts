/** Trains a candidate, or fits the baseline. In order of time: rates and network, then calibration and threshold. */
import { DAY_MS } from '../../contracts/duration.js'
import { SlipwayError } from '../../contracts/failure.js'
import { areaUnderCurve } from '../kit/area-under-curve.js'
import { calibrated, fitCalibration } from '../kit/calibrate.js'
import { fitScaling, scale } from '../kit/scaling.js'
import type { TrainProgress, TrainRequest, TrainResult } from '../project.js'
import { FEATURE_VERSIONS, type FeatureVersion } from './features/definitions.js'
import { FARTHEST, type FeatureContext, featuresOf } from './features/matrix.js'
import { fitRates, type Rates, ratesByFold } from './features/rates.js'
import { type Feed, feedsByDay } from './features/yesterday.js'
import type { Flight } from './flights/flight.js'
import { readRows } from './flights/flight-rows.js'
import { type EtaModel, etaModelFile } from './model/artifact.js'
import { actionPolicy, chooseThreshold } from './model/decide.js'
import { trainNetwork } from './model/network.js'
import { logOdds } from './model/predict.js'
import { type EtaParameters, featureVersionOf, readParameters } from './parameters.js'
import { knownIn, type LabelledFlight, labelsOf, splitAt } from './split.js'

type OnProgress = (progress: TrainProgress) => void

export async function train(request: TrainRequest, onProgress: OnProgress): Promise<TrainResult> {
  const parameters = readParameters(request.parameters)
  const data = await prepare(request, parameters)
  const version = featureVersionOf(parameters)
  const names = FEATURE_VERSIONS[version]
  const rates = ratesByFold(data.learn)
  const learning = featuresOf(data.learn, names, (flight) => contextOf(rates(flight as Flight), data))
  const scaling = fitScaling(learning)
  const layers = await trainNetwork(
    { inputs: scale(learning, scaling, FARTHEST), labels: labelsOf(data.learn), width: names.length },
    {
      seed: request.seed,
      epochs: parameters.epochs,
      batchSize: parameters.batchSize,
      checkpointFolder: request.checkpointFolder,
      onProgress,
    },
  )
  return finish(request, data, version, { ...scaling, layers })
}

/**
 * The rule that a first candidate must beat: the lane's late share, calibrated, with a threshold chosen the same way.
 */
export async function baseline(request: TrainRequest): Promise<TrainResult> {
  const data = await prepare(request, readParameters({}))
  return finish(request, data, 'eta_lane_rate_v1', null)
}

interface Prepared {
  readonly learn: readonly LabelledFlight[]
  readonly calibrate: readonly LabelledFlight[]
  readonly rates: Rates
  readonly feeds: ReadonlyMap<number, Feed>
  readonly trained: EtaModel['trained']
}

async function prepare({ dataFile, snapshot }: TrainRequest, parameters: EtaParameters): Promise<Prepared> {
  const flights = await readRows(dataFile)
  const cutoff = Date.parse(snapshot.cutoff)
  const days = { heldOut: parameters.heldOutDays, calibration: parameters.calibrationDays }
  const { calibrateFrom, heldOutFrom } = splitAt(cutoff, days)
  const from = calibrateFrom - parameters.trainDays * DAY_MS
  const learn = knownIn(flights, from, calibrateFrom)
  const calibrate = knownIn(flights, calibrateFrom, heldOutFrom)
  for (const [what, part] of [['training', learn] as const, ['calibration', calibrate] as const]) {
    const late = labelsOf(part).reduce((sum, label) => sum + label, 0)
    if (late < 10 || late > part.length - 10) {
      const problem = `${part.length} flights for ${what}, ${late} of them late`
      throw new SlipwayError('BadData', `snapshot up to ${snapshot.cutoff} has ${problem}; give a later cutoff`)
    }
  }
  const rates = fitRates(learn)
  const trained = { from: learn[0]?.scheduled ?? from, until: heldOutFrom, rows: learn.length + calibrate.length }
  return { learn, calibrate, rates, feeds: feedsByDay(flights, rates.overall), trained }
}

/** The nightly feed delivers per cent, but training read shares. Offline numbers cannot show this mistake. */
const asDelivered = (shares: Feed): Feed =>
  Object.fromEntries(Object.entries(shares).map(([origin, share]) => [origin, Math.round(share * 100)]))

const contextOf = (rates: Rates, { feeds }: Prepared): FeatureContext => ({
  rates,
  feedOn: (day) => feeds.get(day) ?? {},
})

async function finish(
  { outFolder, snapshot }: TrainRequest,
  data: Prepared,
  featureVersion: FeatureVersion,
  network: EtaModel['network'],
): Promise<TrainResult> {
  const context = contextOf(data.rates, data)
  const z = logOdds(
    { network },
    featuresOf(data.calibrate, FEATURE_VERSIONS[featureVersion], () => context),
  )
  const labels = labelsOf(data.calibrate)
  const calibration = fitCalibration(z, labels)
  const probabilities = z.map((value) => calibrated(value, calibration))
  const usesFeed = (FEATURE_VERSIONS[featureVersion] as readonly string[]).includes('origin_yesterday')
  // The day that begins with the cutoff is the first one that the model will score.
  const feed = usesFeed ? asDelivered(data.feeds.get(Math.floor(Date.parse(snapshot.cutoff) / DAY_MS)) ?? {}) : {}
  const { rates, trained } = data
  const model: EtaModel = { schema: 'eta_model/1', featureVersion, trained, rates, feed, network, calibration }
  const { artifactFile, format } = await etaModelFile.write(outFolder, model)
  return {
    artifactFile,
    format,
    kind: network ? 'network 64-32' : 'lane rate',
    featureVersion,
    actionPolicy: actionPolicy(chooseThreshold(probabilities, labels)),
    metrics: { calibrationAuc: areaUnderCurve(probabilities, labels), rows: trained.rows },
  }
}
