/** Scoring as it happens live: the schedule, and what the release carried with it. */
import { DAY_MS } from '../../contracts/duration.js'
import type { SnapshotManifest } from '../../contracts/types.js'
import type { LoadedRelease, ReplayEvent, Scorer } from '../project.js'
import { FEATURE_VERSIONS, type FeatureVersion } from './features/definitions.js'
import { featuresOf } from './features/matrix.js'
import { defectOf } from './flights/check.js'
import { type Flight, isLate, type ScheduledFlight } from './flights/flight.js'
import { readRows } from './flights/rows.js'
import { flightsBetween } from './flights/source.js'
import { decodeModel } from './model/artifact.js'
import { calibrated, logOdds } from './model/predict.js'

/**
 * What the nightly feed delivered last stands for every day that follows. A release that leans on it looks good offline, where
 * the feature is computed from history, and goes wrong live, which only a canary can show.
 */
export async function load(
  release: Pick<LoadedRelease, 'featureVersion' | 'artifact'>,
): Promise<Scorer<ScheduledFlight>> {
  const model = decodeModel(release)
  const names = FEATURE_VERSIONS[model.featureVersion as FeatureVersion]
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

/** What is known before departure; nothing else of a flight may reach a model. */
const asScheduled = ({ scheduled, carrier, origin, destination, distance }: Flight): ScheduledFlight => ({
  scheduled,
  carrier,
  origin,
  destination,
  distance,
})

/** A warning is of use the day before; asked at the hour of departure every one of them would come too late. */
const AHEAD_MS = DAY_MS

/**
 * What is asked in [from, to): flights that leave a day later, in order, with the outcome at arrival. Keys are the flight's own:
 * hardly any repeats.
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
