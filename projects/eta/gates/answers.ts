/** What each release answers to the held-out flights, what it would have done, and what that would have cost. */
import type { LoadedRelease } from '../../project.js'
import { FEATURE_VERSIONS, type FeatureVersion } from '../features/definitions.js'
import { featuresOf, type Matrix } from '../features/matrix.js'
import { type Feed, feedsByDay } from '../features/yesterday.js'
import type { Flight } from '../flights/flight.js'
import { decodeModel, type EtaModel } from '../model/artifact.js'
import { decide, loss } from '../model/decide.js'
import { calibrated, logOdds } from '../model/predict.js'
import type { LabelledFlight } from '../split.js'

/** One release's answers on the held-out flights. */
export interface Answers {
  readonly model: EtaModel
  readonly matrix: Matrix
  readonly probabilities: Float64Array
  readonly warned: Uint8Array
  readonly losses: Float64Array
}

/** Both releases' answers to the same held-out flights. */
export interface Both {
  readonly candidate: Answers
  readonly production: Answers
  readonly heldOut: readonly LabelledFlight[]
  readonly labels: Uint8Array
}

/** Offline every feature is as fresh as the data allow; what a live feed would have been is not known here. */
export function answerHeldOut(
  release: LoadedRelease,
  flights: readonly Flight[],
  heldOut: readonly LabelledFlight[],
  labels: Uint8Array,
): Answers {
  const model = decodeModel(release)
  const names = FEATURE_VERSIONS[model.featureVersion as FeatureVersion]
  const feeds: ReadonlyMap<number, Feed> = feedsByDay(flights, model.rates.overall)
  const context = { rates: model.rates, feedOn: (day: number) => feeds.get(day) ?? {} }
  const matrix = featuresOf(heldOut, names, () => context)
  const probabilities = logOdds(model, matrix).map((z) => calibrated(z, model.calibration))
  const actions = Array.from(probabilities, (probability) => decide({ probability }, release.actionPolicy))
  return {
    model,
    matrix,
    probabilities,
    warned: Uint8Array.from(actions, (action) => (action === 'warn' ? 1 : 0)),
    losses: Float64Array.from(actions, (action, index) =>
      loss({ action, label: labels[index] as number }, release.actionPolicy),
    ),
  }
}
