/**
 * Past forecasts with their outcomes: the examples to train on, to calibrate on and to hold out, split by target day.
 */
import { seededRandom } from '../kit/random.js'
import { FEWEST_DAYS } from './counts/eligible.js'
import { type History, isOpen, type Series } from './counts/history.js'
import type { FeatureName } from './features/definitions.js'
import { type SeenDemand, seenAt } from './features/demand-input.js'
import { featuresOf, type Matrix, type Momentum } from './features/matrix.js'

export interface Example {
  readonly series: Series
  /** Index of the day forecast. */
  readonly target: number
  readonly ahead: number
}

export interface Window {
  /** Indexes of target days, [from, until). */
  readonly from: number
  readonly until: number
}

/** Index ranges of the days to train on, to calibrate on and to hold out, in a history that ends at its cutoff. */
export function splitOf(
  { days }: Pick<History, 'days'>,
  lengths: { heldOut: number; calibration: number; train: number },
) {
  const heldOutFrom = days - lengths.heldOut
  const calibrateFrom = heldOutFrom - lengths.calibration
  return {
    learn: { from: Math.max(0, calibrateFrom - lengths.train), until: calibrateFrom },
    calibrate: { from: calibrateFrom, until: heldOutFrom },
    heldOut: { from: heldOutFrom, until: days },
  }
}

/**
 * Whether the series had been on sale long enough when the forecast was made, and was open on the target day.
 */
const canBeForecast = (history: History, { series, target, ahead }: Example): boolean =>
  isOpen(history, series, target) && target - ahead + 1 >= series.onSale + FEWEST_DAYS

/** Every series and day of a window, each forecast the same number of days ahead. */
export function examplesIn(history: History, { from, until }: Window, ahead: number): Example[] {
  const found: Example[] = []
  for (let target = from; target < until; target += 1) {
    for (const series of history.series) {
      const example = { series, target, ahead }
      if (canBeForecast(history, example)) found.push(example)
    }
  }
  return found
}

/**
 * Draws `rows` examples of a window by the seed; fewer if there are not so many. A series is drawn in proportion to the
 * square root of its days with sales: slow series are many and hold little information.
 */
export function drawExamples(
  history: History,
  { from, until }: Window,
  { rows, seed, aheadFrom, aheadTo }: { rows: number; seed: number; aheadFrom: number; aheadTo: number },
): Example[] {
  const random = seededRandom(seed)
  const sums: number[] = []
  let total = 0
  for (const { counts } of history.series) {
    total += Math.sqrt(counts.subarray(from, until).reduce((days, count) => days + (count > 0 ? 1 : 0), 0))
    sums.push(total)
  }
  const found: Example[] = []
  for (let tries = 0; found.length < rows && tries < rows * 4; tries += 1) {
    const at = random() * total
    const ahead = aheadFrom + Math.floor(random() * (aheadTo - aheadFrom + 1))
    const target = from + Math.floor(random() * (until - from))
    const series = history.series[sums.findIndex((sum) => sum > at)]
    if (series && canBeForecast(history, { series, target, ahead })) found.push({ series, target, ahead })
  }
  return found
}

export function* inputsOf(history: History, examples: readonly Example[]): Generator<SeenDemand> {
  for (const { series, target, ahead } of examples) yield seenAt(history, series, target, ahead)
}

export const matrixOf = (
  history: History,
  examples: readonly Example[],
  names: readonly FeatureName[],
  momentum: Momentum,
  storeTypes?: readonly string[],
): Matrix => featuresOf(inputsOf(history, examples), examples.length, names, momentum, storeTypes)

export const labelsOf = (examples: readonly Example[]): Float64Array =>
  Float64Array.from(examples, ({ series, target }) => series.counts[target] as number)
