/** Each release's forecasts of the held-out days, the action it would have taken, and what that would have cost. */
import type { LoadedRelease, Output } from '../../project.js'
import type { History } from '../counts/history.js'
import type { Momentum } from '../features/matrix.js'
import { type Example, matrixOf } from '../forecast-examples.js'
import { type ForecastModel, forecastModelFile, namesOf } from '../model/artifact.js'
import { boundedLoss, decide, servedShare, underforecastCost } from '../model/decide.js'
import { outputsOf, quantilesOf } from '../model/predict.js'

export interface Answers {
  readonly model: ForecastModel
  readonly outputs: readonly Output[]
  readonly alerts: Uint8Array
  readonly losses: Float64Array
  /** The part of each loss from lines that could not be served. Not bounded. */
  readonly short: Float64Array
  /** Share of the lines of each row that could be served; 1 where none was asked for. */
  readonly served: Float64Array
}

/** Both releases' answers to the same held-out forecasts. */
export interface Both {
  readonly history: History
  readonly heldOut: readonly Example[]
  readonly labels: Float64Array
  readonly candidate: Answers
  readonly production: Answers
}

/** Offline, each feature is as fresh as the data allow. How fresh a live feed would have been is not known here. */
export function answersOf(
  release: LoadedRelease,
  held: Pick<Both, 'history' | 'heldOut' | 'labels'>,
  momentum: Momentum,
): Answers {
  const model = forecastModelFile.decode(release)
  const matrix = matrixOf(held.history, held.heldOut, namesOf(model), momentum, model.storeTypes)
  const outputs = outputsOf(quantilesOf(model, matrix), matrix)
  const decided = outputs.map((output, row) => ({
    action: decide(output, release.actionPolicy),
    output,
    label: held.labels[row] as number,
  }))
  return {
    model,
    outputs,
    alerts: Uint8Array.from(decided, ({ action }) => (action === 'replenish' ? 1 : 0)),
    losses: Float64Array.from(decided, (one) => boundedLoss(one, release.actionPolicy)),
    short: Float64Array.from(decided, (one) => underforecastCost(one, release.actionPolicy)),
    served: Float64Array.from(decided, (one) => servedShare(one, release.actionPolicy)),
  }
}

export const allRows = ({ labels }: Pick<Both, 'labels'>): number[] => [...labels.keys()]

export const meanOver = (values: ArrayLike<number>, rows: readonly number[]): number =>
  rows.length === 0 ? Number.NaN : rows.reduce((sum, row) => sum + (values[row] as number), 0) / rows.length

/** Weighted absolute percentage error of the medians: missed lines over all lines. */
export function wapeOf({ outputs }: Pick<Answers, 'outputs'>, labels: Float64Array, rows: readonly number[]): number {
  let missed = 0
  let lines = 0
  for (const row of rows) {
    missed += Math.abs((outputs[row]?.q50 ?? 0) - (labels[row] as number))
    lines += labels[row] as number
  }
  return missed / lines
}
