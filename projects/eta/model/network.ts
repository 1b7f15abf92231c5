/**
 * Trains the network: 64 and 32 ReLU units, logistic loss, Adam. Byte-identical for the same data and seed: seeded
 * initialisers, a shuffle seeded by (seed, epoch), one thread (design.md §9.8).
 */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { TrainProgress } from '../../project.js'
import type { EtaModel } from './artifact.js'
import { shuffled } from './shuffle.js'

const UNITS = [64, 32] as const
const LEARNING_RATE = 1e-3
const L2 = 1e-3

export interface NetworkData {
  /** rows × width, standardised. */
  readonly inputs: Float32Array
  readonly labels: Uint8Array
  readonly width: number
}

export async function trainNetwork(
  { inputs, labels, width }: NetworkData,
  options: { seed: number; epochs: number; batchSize: number; onProgress: (progress: TrainProgress) => void },
): Promise<NonNullable<EtaModel['network']>['layers']> {
  const { seed, epochs, batchSize, onProgress } = options
  const tf = await loadTensorflow()
  const initial = (offset: number) => tf.layers.initializers.glorotUniform({ seed: seed + offset })
  const penalty = tf.layers.regularizers.l2({ l2: L2 })
  const model = tf.layers.sequential({
    layers: [
      tf.layers.layers.dense({
        inputShape: [width],
        units: UNITS[0],
        activation: 'relu',
        kernelInitializer: initial(1),
        kernelRegularizer: penalty,
      }),
      tf.layers.layers.dense({
        units: UNITS[1],
        activation: 'relu',
        kernelInitializer: initial(2),
        kernelRegularizer: penalty,
      }),
      tf.layers.layers.dense({ units: 1, activation: 'sigmoid', kernelInitializer: initial(3) }),
    ],
  })
  model.compile({ optimizer: tf.core.train.adam(LEARNING_RATE), loss: 'binaryCrossentropy' })
  for (let epoch = 1; epoch <= epochs; epoch += 1) {
    const began = performance.now()
    const order = shuffled(labels.length, seed, epoch)
    let loss = 0
    for (let from = 0; from < order.length; from += batchSize) {
      const rows = order.subarray(from, Math.min(order.length, from + batchSize))
      const x = new Float32Array(rows.length * width)
      rows.forEach((row, index) => {
        x.set(inputs.subarray(row * width, (row + 1) * width), index * width)
      })
      const xs = tf.core.tensor2d(x, [rows.length, width])
      const ys = tf.core.tensor2d(
        Float32Array.from(rows, (row) => labels[row] as number),
        [rows.length, 1],
      )
      loss += ((await model.trainOnBatch(xs, ys)) as number) * rows.length
      xs.dispose()
      ys.dispose()
    }
    const rowsPerSecond = Math.round(labels.length / ((performance.now() - began) / 1_000))
    onProgress({ epoch, epochs, loss: loss / labels.length, rowsPerSecond })
  }
  const weights = await Promise.all(model.getWeights().map(async (tensor) => Array.from(await tensor.data(), rounded)))
  model.dispose()
  return UNITS.concat(1 as never).map((_, layer) => ({
    weights: weights[2 * layer] as number[],
    bias: weights[2 * layer + 1] as number[],
  }))
}

/** Seven digits are all that a 32-bit float holds. */
const rounded = (value: number): number => Number(value.toPrecision(8))

async function loadTensorflow() {
  const [core, layers, wasm] = await Promise.all([
    import('@tensorflow/tfjs-core'),
    import('@tensorflow/tfjs-layers'),
    import('@tensorflow/tfjs-backend-wasm'),
  ])
  const folder = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))
  wasm.setWasmPaths(join(folder, '/'))
  wasm.setThreadsCount(1)
  await core.setBackend('wasm')
  return { core, layers }
}
