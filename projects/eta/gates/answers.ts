/** What each release answers to the held-out flights, the action it would have taken, and what that would have cost. */

import { calibrated } from '../../kit/calibrate.js'
import type { LoadedRelease } from '../../project.js'
import { FEATURE_VERSIONS } from '../features/definitions.js'
import { featuresOf, type Matrix } from '../features/matrix.js'
import { type Feed, feedsByDay } from '../features/yesterday.js'
import type { Flight } from '../flights/flight.js'
import { type EtaModel, etaModelFile } from '../model/artifact.js'
import { decide, loss } from '../model/decide.js'
import { logOdds } from '../model/predict.js'
import type { LabelledFlight } from '../split.js'

/** One release's answers on the held-out flights. */
export interface Answers {
  readonly model: EtaModel
  readonly matrix: Matrix
  readonly probabilities: Float64Array
  /** 1 where the release would have warned. */
  readonly warned: Uint8Array
  readonly losses: Float64Array
}

/** Both releases' answers to the same held-out flights. */
export interface Both {
  readonly candidate: Answers
  readonly production: Answers
  readonly heldOut: readonly LabelledFlight[]
  /** 1 is late. */
  readonly labels: Uint8Array
}

/** Offline, each feature is as fresh as the data allow. How fresh a live feed would have been is not known here. */
export function answerHeldOut(
  release: LoadedRelease,
  flights: readonly Flight[],
  heldOut: readonly LabelledFlight[],
  labels: Uint8Array,
): Answers {
  const model = etaModelFile.decode(release)
  const names = FEATURE_VERSIONS[model.featureVersion]
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
