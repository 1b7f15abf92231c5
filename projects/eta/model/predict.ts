/** Probabilities of being late from a model and its features: plain loops, no tensor library. */
import { scale } from '../../kit/scaling.js'
import { FARTHEST, type Matrix } from '../features/matrix.js'
import type { EtaModel } from './artifact.js'

type Network = NonNullable<EtaModel['network']>

/** Log-odds before calibration, one a row. A model without a network takes its first feature, a late share's log-odds. */
export function logOdds(model: Pick<EtaModel, 'network'>, matrix: Matrix): Float64Array {
  const width = matrix.names.length
  if (!model.network)
    return Float64Array.from({ length: matrix.rows }, (_, row) => matrix.values[row * width] as number)
  return forward(model.network, scale(matrix, model.network, FARTHEST), matrix.rows)
}

/** Dense layers, ReLU between them, none after the last. */
function forward({ layers, mean }: Network, inputs: Float32Array, rows: number): Float64Array {
  let width = mean.length
  let values = Float64Array.from(inputs)
  layers.forEach(({ weights, bias }, index) => {
    const units = bias.length
    const last = index === layers.length - 1
    const next = new Float64Array(rows * units)
    for (let row = 0; row < rows; row += 1) {
      for (let unit = 0; unit < units; unit += 1) {
        let sum = bias[unit] as number
        for (let input = 0; input < width; input += 1) {
          sum += (values[row * width + input] as number) * (weights[input * units + unit] as number)
        }
        next[row * units + unit] = last || sum > 0 ? sum : 0
      }
    }
    values = next
    width = units
  })
  return values
}

export const calibrated = (z: number, { slope, intercept }: EtaModel['calibration']): number =>
  1 / (1 + Math.exp(-(slope * z + intercept)))
