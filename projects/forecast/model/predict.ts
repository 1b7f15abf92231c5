/** Quantiles of demand, from a model and its features. Plain loops: a tensor library would cost more for a few rows. */
import { throughLayers } from '../../kit/dense-layers.js'
import { scale } from '../../kit/scaling.js'
import type { Output } from '../../project.js'
import { FLOOR } from '../features/lags.js'
import { FARTHEST, type Matrix } from '../features/matrix.js'
import { type ForecastModel, QUANTILES } from './artifact.js'

/** Order lines, rows × quantiles: ascending in each row, none below zero. */
export function quantilesOf(
  { network, offsets }: Pick<ForecastModel, 'network' | 'offsets'>,
  matrix: Matrix,
): Float64Array {
  const relative = network
    ? throughLayers(network.layers, scale(matrix, network, FARTHEST), matrix.rows)
    : levelOf(matrix)
  const found = new Float64Array(matrix.rows * QUANTILES.length)
  for (let row = 0; row < matrix.rows; row += 1) {
    const from = row * QUANTILES.length
    const size = (matrix.usual[row] as number) + FLOOR
    const own = found.subarray(from, from + QUANTILES.length)
    for (const [index, offset] of offsets.entries())
      own[index] = Math.max(0, ((relative[from + index] as number) + offset) * size)
    // Separately trained quantiles may cross. Sorted, they are never farther from the true ones (Chernozhukov et al.
    // 2010).
    own.sort()
  }
  return found
}

/** The naive forecast: the exponential of the first feature, relative to the usual level; 1 where that is unknown. */
function levelOf({ names, rows, values }: Matrix): Float64Array {
  const relative = new Float64Array(rows * QUANTILES.length)
  for (let row = 0; row < rows; row += 1) {
    const feature = values[row * names.length] as number
    relative.fill(Number.isNaN(feature) ? 1 : Math.exp(feature), row * QUANTILES.length, (row + 1) * QUANTILES.length)
  }
  return relative
}

/** One output a row, in order lines: q10, q50, q75, q90 and the usual level. */
export function outputsOf(quantiles: Float64Array, { rows, usual }: Pick<Matrix, 'rows' | 'usual'>): Output[] {
  return Array.from({ length: rows }, (_, row) => ({
    ...Object.fromEntries(
      QUANTILES.map((level, index) => [nameOf(level), quantiles[row * QUANTILES.length + index] as number]),
    ),
    usual: usual[row] as number,
  }))
}

export const nameOf = (level: number): string => `q${Math.round(level * 100)}`

/** The quantile at any level, by linear interpolation; constant below the lowest and above the highest known one. */
export function quantileAt(output: Output, level: number): number {
  const above = QUANTILES.findIndex((known) => known >= level)
  const value = (index: number) => output[nameOf(QUANTILES[index] as number)] ?? 0
  if (above === -1) return value(QUANTILES.length - 1)
  if (above === 0) return value(0)
  const [low, high] = [QUANTILES[above - 1] as number, QUANTILES[above] as number]
  return value(above - 1) + ((level - low) / (high - low)) * (value(above) - value(above - 1))
}
