/** Trains and applies a ranker: one network, or several, and a linear one, whose scores are averaged. */
import { join } from 'node:path'
import { type DenseLayer, throughLayers } from '../../kit/dense-layers.js'
import type { TrainProgress } from '../../project.js'
import type { Matrix } from '../features/matrix.js'
import { scaleWithinLists } from '../features/scale-within-lists.js'
import { fitLinear, timesAsMuch } from './linear.js'
import { trainNetwork } from './network.js'

export type Network = readonly DenseLayer[]

export interface FitOptions {
  readonly seed: number
  readonly epochs: number
  readonly batchSize: number
  /** How many networks that differ only in their seed. With few lists, their mean varies less. */
  readonly members: number
  /** Whether a linear ranker counts for as much as all networks together. */
  readonly linear: boolean
  readonly checkpointFolder: string
  readonly onProgress: (progress: TrainProgress) => void
}

/** @param targets one a row of the matrix, at least 0 */
export async function fitRanker(
  matrix: Matrix,
  targets: Float32Array,
  options: FitOptions,
): Promise<Awaited<ReturnType<typeof trainNetwork>>[]> {
  const { seed, epochs, batchSize, members, linear, checkpointFolder, onProgress } = options
  const lists = { inputs: scaleWithinLists(matrix), offsets: matrix.offsets, width: matrix.names.length, targets }
  const networks: Awaited<ReturnType<typeof trainNetwork>>[] = []
  for (let member = 0; member < members; member += 1) {
    networks.push(
      await trainNetwork(lists, {
        seed: seed + 101 * member,
        epochs,
        batchSize,
        checkpointFolder: join(checkpointFolder, `member-${member}`),
        onProgress: (progress) =>
          onProgress({ ...progress, epoch: member * epochs + progress.epoch, epochs: members * epochs }),
      }),
    )
  }
  return linear ? [...networks, [timesAsMuch(fitLinear(lists), members)]] : networks
}

/** One score a row. Without networks, the score is the first feature: the baseline's popularity. */
export function scoresOf(networks: readonly Network[] | null, matrix: Matrix): Float64Array {
  const width = matrix.names.length
  const rows = matrix.offsets.at(-1) ?? 0
  if (!networks) return Float64Array.from({ length: rows }, (_, row) => matrix.values[row * width] as number)
  const inputs = scaleWithinLists(matrix)
  const sums = new Float64Array(rows)
  for (const network of networks) {
    throughLayers(network, inputs, rows).forEach((score, row) => {
      sums[row] = (sums[row] as number) + score / networks.length
    })
  }
  return sums
}
