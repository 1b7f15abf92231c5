/**
 * Log-odds of being late, from a model and its features. Plain loops: a tensor library would cost more for a few rows.
 */
import { throughLayers } from '../../kit/dense-layers.js'
import { scale } from '../../kit/scaling.js'
import { FARTHEST, type Matrix } from '../features/matrix.js'
import type { EtaModel } from './artifact.js'

/**
 * Before calibration, one a row. A model without a network takes its first feature, which is a late share's log-odds.
 */
export function logOdds({ network }: Pick<EtaModel, 'network'>, matrix: Matrix): Float64Array {
  const width = matrix.names.length
  if (!network) return Float64Array.from({ length: matrix.rows }, (_, row) => matrix.values[row * width] as number)
  return throughLayers(network.layers, scale(matrix, network, FARTHEST), matrix.rows)
}
