/** Quantiles of demand from a model and its features: plain loops, no tensor library. */

import type { Output } from '../../project.js'
import { FLOOR } from '../features/lags.js'
import type { Matrix } from '../features/matrix.js'
import { scale } from '../features/scaling.js'
import { type ForecastModel, QUANTILES } from './artifact.js'

type Network = NonNullable<ForecastModel['network']>

/** Order lines, rows × quantiles, lowest first in each row, none below zero. */
export function quantilesOf(
  { network, offsets }: Pick<ForecastModel, 'network' | 'offsets'>,
  matrix: Matrix,
): Float64Array {
  const relative = network ? forward(network, scale(matrix, network), matrix.rows) : levelOf(matrix)
  const found = new Float64Array(matrix.rows * QUANTILES.length)
  for (let row = 0; row < matrix.rows; row += 1) {
    const from = row * QUANTILES.length
    const size = (matrix.usual[row] as number) + FLOOR
    const own = found.subarray(from, from + QUANTILES.length)
    for (const [index, offset] of offsets.entries())
      own[index] = Math.max(0, ((relative[from + index] as number) + offset) * size)
    // Quantiles learned apart may cross; sorted they are never farther from the true ones (Chernozhukov et al. 2010).
    own.sort()
  }
  return found
}

/** The naive forecast: the first feature, a logarithm of order lines over the usual level; the usual level where it is unknown. */
function levelOf({ names, rows, values }: Matrix): Float64Array {
  const relative = new Float64Array(rows * QUANTILES.length)
  for (let row = 0; row < rows; row += 1) {
    const feature = values[row * names.length] as number
    relative.fill(Number.isNaN(feature) ? 1 : Math.exp(feature), row * QUANTILES.length, (row + 1) * QUANTILES.length)
  }
  return relative
}

/** Dense layers, ReLU between them, none after the last. */
function forward({ layers, mean }: Network, inputs: Float32Array, rows: number): Float64Array {
  let width = mean.length
  let values = Float64Array.from(inputs)
  for (const [index, { weights, bias }] of layers.entries()) {
    const units = bias.length
    const last = index === layers.length - 1
    const next = new Float64Array(rows * units)
    for (let row = 0; row < rows; row += 1) {
      for (let unit = 0; unit < units; unit += 1) {
        let sum = bias[unit] as number
        for (let input = 0; input < width; input += 1)
          sum += (values[row * width + input] as number) * (weights[input * units + unit] as number)
        next[row * units + unit] = last || sum > 0 ? sum : 0
      }
    }
    values = next
    width = units
  }
  return values
}

/** One output a row: q10, q50, q75, q90 and the usual level, in order lines. */
export function outputsOf(quantiles: Float64Array, { rows, usual }: Pick<Matrix, 'rows' | 'usual'>): Output[] {
  return Array.from({ length: rows }, (_, row) => ({
    ...Object.fromEntries(
      QUANTILES.map((level, index) => [nameOf(level), quantiles[row * QUANTILES.length + index] as number]),
    ),
    usual: usual[row] as number,
  }))
}

export const nameOf = (level: number): string => `q${Math.round(level * 100)}`

/** The quantile at any level, by straight lines between those there are, and flat beyond them. */
export function quantileAt(output: Output, level: number): number {
  const above = QUANTILES.findIndex((known) => known >= level)
  const value = (index: number) => output[nameOf(QUANTILES[index] as number)] ?? 0
  if (above === -1) return value(QUANTILES.length - 1)
  if (above === 0) return value(0)
  const [low, high] = [QUANTILES[above - 1] as number, QUANTILES[above] as number]
  return value(above - 1) + ((level - low) / (high - low)) * (value(above) - value(above - 1))
}
