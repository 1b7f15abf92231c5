/**
 * Trains one network for all series. It predicts quantiles of demand relative to each series' usual level, by the
 * pinball loss max(τe, (τ − 1)e) (Koenker and Bassett 1978). The loss is weighted by that level, so that an error
 * counts in order lines.
 */
import { type Fit, fitNetwork } from '../../kit/fit.js'
import { loadTensorflow, type Tensorflow } from '../../kit/tensorflow.js'
import { takeLayers } from '../../kit/trained-layers.js'
import { type ForecastModel, QUANTILES } from './artifact.js'

const UNITS = [64, 32] as const
const LEARNING_RATE = 1e-3
const L2 = 1e-4

type Tensor = ReturnType<Tensorflow['core']['tensor']>

export interface NetworkData {
  /** rows × width, standardised. */
  readonly inputs: Float32Array
  readonly width: number
  /** Demand divided by the usual level. */
  readonly targets: Float32Array
  /** Mean 1. */
  readonly weights: Float32Array
}

export async function trainNetwork(
  { inputs, width, targets, weights }: NetworkData,
  options: Pick<Fit, 'seed' | 'epochs' | 'batchSize' | 'checkpointFolder' | 'onProgress'>,
): Promise<NonNullable<ForecastModel['network']>['layers']> {
  const tf = await loadTensorflow()
  const initial = (offset: number) => tf.layers.initializers.glorotUniform({ seed: options.seed + offset })
  const penalty = tf.layers.regularizers.l2({ l2: L2 })
  const hidden = { activation: 'relu', kernelRegularizer: penalty } as const
  const { dense } = tf.layers.layers
  const model = tf.layers.sequential({
    layers: [
      dense({ inputShape: [width], units: UNITS[0], kernelInitializer: initial(1), ...hidden }),
      dense({ units: UNITS[1], kernelInitializer: initial(2), ...hidden }),
      dense({ units: QUANTILES.length, kernelInitializer: initial(3) }),
    ],
  })
  model.compile({ optimizer: tf.core.train.adam(LEARNING_RATE), loss: pinball(tf) })
  const outputs = QUANTILES.length
  await fitNetwork({
    ...options,
    tf,
    model,
    rows: targets.length,
    batch(rows) {
      const x = new Float32Array(rows.length * width)
      // The library requires targets in the shape of the outputs. Only the first two columns are used.
      const y = new Float32Array(rows.length * outputs)
      rows.forEach((row, index) => {
        x.set(inputs.subarray(row * width, (row + 1) * width), index * width)
        y[index * outputs] = targets[row] as number
        y[index * outputs + 1] = weights[row] as number
      })
      return { xs: tf.core.tensor2d(x, [rows.length, width]), ys: tf.core.tensor2d(y, [rows.length, outputs]) }
    },
  })
  return takeLayers(model)
}

function pinball({ core }: Tensorflow) {
  const levels = core.tensor1d([...QUANTILES])
  return (truth: Tensor, predicted: Tensor): Tensor =>
    core.tidy(() => {
      const error = core.sub(core.slice(truth, [0, 0], [-1, 1]), predicted)
      const weight = core.slice(truth, [0, 1], [-1, 1])
      const loss = core.maximum(core.mul(error, levels), core.mul(error, core.sub(levels, 1)))
      return core.mean(core.mul(loss, weight), -1)
    })
}
