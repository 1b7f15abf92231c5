/** Trains the network: 64 and 32 ReLU units, logistic loss, Adam. */
import { type Fit, fitNetwork } from '../../kit/fit.js'
import { loadTensorflow } from '../../kit/tensorflow.js'
import { takeLayers } from '../../kit/trained-layers.js'
import type { EtaModel } from './artifact.js'

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
  options: Pick<Fit, 'seed' | 'epochs' | 'batchSize' | 'checkpointFolder' | 'onProgress'>,
): Promise<NonNullable<EtaModel['network']>['layers']> {
  const { seed } = options
  const tf = await loadTensorflow()
  const initial = (offset: number) => tf.layers.initializers.glorotUniform({ seed: seed + offset })
  const penalty = tf.layers.regularizers.l2({ l2: L2 })
  const hidden = { activation: 'relu', kernelRegularizer: penalty } as const
  const { dense } = tf.layers.layers
  const model = tf.layers.sequential({
    layers: [
      dense({ inputShape: [width], units: UNITS[0], kernelInitializer: initial(1), ...hidden }),
      dense({ units: UNITS[1], kernelInitializer: initial(2), ...hidden }),
      dense({ units: 1, activation: 'sigmoid', kernelInitializer: initial(3) }),
    ],
  })
  model.compile({ optimizer: tf.core.train.adam(LEARNING_RATE), loss: 'binaryCrossentropy' })
  await fitNetwork({
    ...options,
    tf,
    model,
    rows: labels.length,
    batch(rows) {
      const x = new Float32Array(rows.length * width)
      rows.forEach((row, index) => {
        x.set(inputs.subarray(row * width, (row + 1) * width), index * width)
      })
      const y = Float32Array.from(rows, (row) => labels[row] as number)
      return { xs: tf.core.tensor2d(x, [rows.length, width]), ys: tf.core.tensor2d(y, [rows.length, 1]) }
    },
  })
  return takeLayers(model)
}
