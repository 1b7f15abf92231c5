/** Live scoring, sample inputs and replayed traffic. A live input is the schedule; the rest comes with the release. */
import { DAY_MS } from '../../contracts/duration.js'
import type { SnapshotManifest } from '../../contracts/types.js'
import { calibrated } from '../kit/calibrate.js'
import type { LoadedRelease, ReplayEvent, Scorer } from '../project.js'
import { FEATURE_VERSIONS } from './features/definitions.js'
import { featuresOf } from './features/matrix.js'
import { defectOf } from './flights/check-flights.js'
import { type Flight, isLate, type ScheduledFlight } from './flights/flight.js'
import { readRows } from './flights/flight-rows.js'
import { flightsBetween } from './flights/open-flights.js'
import { etaModelFile } from './model/artifact.js'
import { logOdds } from './model/predict.js'

/**
 * Live, the last delivery of the nightly feed is used for every later day. A release that relies on it looks good
 * offline, where the feature is computed from history, and is wrong live. Only a canary can show that.
 */
export async function load(
  release: Pick<LoadedRelease, 'featureVersion' | 'artifact'>,
): Promise<Scorer<ScheduledFlight>> {
  const model = etaModelFile.decode(release)
  const names = FEATURE_VERSIONS[model.featureVersion]
  const context = { rates: model.rates, feedOn: () => model.feed }
  return {
    score: (flights) =>
      Array.from(
        logOdds(
          model,
          featuresOf(flights, names, () => context),
        ),
        (z) => ({
          probability: calibrated(z, model.calibration),
        }),
      ),
  }
}

const SAMPLE = 50

/** The newest flights of a snapshot. */
export async function sample({
  dataFile,
}: {
  snapshot: SnapshotManifest
  dataFile: string
}): Promise<ScheduledFlight[]> {
  return (await readRows(dataFile)).slice(-SAMPLE).map(asScheduled)
}

/** The facts known before departure. Nothing else of a flight may reach a model. */
const asScheduled = ({ scheduled, carrier, origin, destination, distance }: Flight): ScheduledFlight => ({
  scheduled,
  carrier,
  origin,
  destination,
  distance,
})

/** Decisions are made a day ahead: at the hour of departure every warning would come too late. */
const AHEAD_MS = DAY_MS

/**
 * The decisions made in [from, to): flights that leave a day later, in order, with the outcome known at arrival. Each
 * flight is its own entity, since almost no flight number repeats.
 */
export async function* replay(request: {
  source?: string
  from: number
  to: number
}): AsyncGenerator<ReplayEvent<ScheduledFlight>> {
  const seen = new Map<string, number>()
  const range = { from: request.from + AHEAD_MS, to: request.to + AHEAD_MS }
  const flights = await flightsBetween(request.source, range, (flight) => defectOf(flight) === undefined)
  for (const flight of flights) {
    const { scheduled, carrier, number, origin, destination, delay, arrived } = flight
    const key = `${new Date(scheduled).toISOString().slice(0, 16)}_${carrier}${number}_${origin}-${destination}`
    const again = seen.get(key) ?? 0
    seen.set(key, again + 1)
    const id = again === 0 ? key : `${key}.${again}`
    yield {
      id,
      entityKey: id,
      at: scheduled - AHEAD_MS,
      input: asScheduled(flight),
      label: delay === null ? null : isLate(delay) ? 1 : 0,
      knownAt: arrived,
    }
  }
}
