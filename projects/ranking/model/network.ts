/**
 * Trains the ranker. Each candidate goes through the same small network. A list's scores are fitted to its gains by the
 * softmax cross-entropy over the list (ListNet's top-one loss, Cao et al. 2007).
 */
import { type Fit, fitNetwork } from '../../kit/fit.js'
import { loadTensorflow, type Tensorflow } from '../../kit/tensorflow.js'
import { takeLayers } from '../../kit/trained-layers.js'

const UNITS = [32, 16] as const
const LEARNING_RATE = 1e-3
const L2 = 1e-2

export interface TrainingLists {
  /** Rows × width, scaled; list i has the rows offsets[i] to offsets[i + 1]. */
  readonly inputs: Float32Array
  readonly offsets: Uint32Array
  readonly width: number
  /** One a row, at least 0: the row's share of the list's weight. */
  readonly targets: Float32Array
}

/** Marks padding rows, which extend a list to the length of the longest one. */
const FILLER = -1

export async function trainNetwork(
  lists: TrainingLists,
  options: Pick<Fit, 'seed' | 'epochs' | 'batchSize' | 'checkpointFolder' | 'onProgress'>,
): ReturnType<typeof takeLayers> {
  const tf = await loadTensorflow()
  const { inputs, offsets, width, targets } = lists
  const count = offsets.length - 1
  const longest = Array.from({ length: count }, (_, list) => lengthOf(offsets, list)).reduce(
    (a, b) => Math.max(a, b),
    1,
  )
  const model = build(tf, { longest, width, seed: options.seed })
  await fitNetwork({
    ...options,
    tf,
    model,
    rows: count,
    batch(chosen) {
      const x = new Float32Array(chosen.length * longest * width)
      const y = new Float32Array(chosen.length * longest).fill(FILLER)
      chosen.forEach((list, index) => {
        const [from, to] = [offsets[list] as number, offsets[list + 1] as number]
        x.set(inputs.subarray(from * width, to * width), index * longest * width)
        y.set(targets.subarray(from, to), index * longest)
      })
      return {
        xs: tf.core.tensor3d(x, [chosen.length, longest, width]),
        ys: tf.core.tensor2d(y, [chosen.length, longest]),
      }
    },
  })
  return takeLayers(model)
}

function build(
  { core, layers }: Tensorflow,
  { longest, width, seed }: { longest: number; width: number; seed: number },
) {
  const dense = (units: number, offset: number, activation: 'relu' | 'linear') =>
    layers.layers.dense({
      units,
      activation,
      kernelInitializer: layers.initializers.glorotUniform({ seed: seed + offset }),
      kernelRegularizer: layers.regularizers.l2({ l2: L2 }),
      ...(offset === 1 ? { inputShape: [longest, width] } : {}),
    })
  const model = layers.sequential({
    layers: [
      dense(UNITS[0], 1, 'relu'),
      dense(UNITS[1], 2, 'relu'),
      dense(1, 3, 'linear'),
      layers.layers.reshape({ targetShape: [longest] }),
    ],
  })
  type Tensor = ReturnType<typeof core.tensor>
  const loss = (targets: Tensor, scores: Tensor) =>
    core.tidy(() => {
      const real = core.cast(core.greaterEqual(targets, 0), 'float32')
      const masked = core.add(scores, core.mul(core.sub(real, 1), 1e9))
      return core.neg(core.sum(core.mul(core.mul(targets, real), core.logSoftmax(masked)), 1))
    })
  model.compile({ optimizer: core.train.adam(LEARNING_RATE), loss })
  return model
}

const lengthOf = (offsets: Uint32Array, list: number): number =>
  (offsets[list + 1] as number) - (offsets[list] as number)
