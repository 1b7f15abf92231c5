/** Builds and trains a network: convolutions, mean and maximum of each last filter, and one logistic unit. */
import { type Fit, fitNetwork } from '../../kit/fit.js'
import { seededRandom } from '../../kit/random.js'
import { loadTensorflow, type Tensorflow } from '../../kit/tensorflow.js'
import type { Examples } from '../photo-examples.js'
import { convolutionLayer } from './convolution.js'
import { type NetworkShape, packFloats, type StoredNetwork } from './network-shape.js'
import { strongestLayer } from './pooling.js'
import { turnedInto } from './standardise.js'

export type TrainOptions = Pick<Fit, 'seed' | 'epochs' | 'batchSize' | 'checkpointFolder' | 'onProgress'> & {
  readonly learningRate: number
  /** Whether to train on photos turned by 90 degrees, too. Parcels lie in any direction; machined surfaces do not. */
  readonly turned: boolean
}

export async function trainNetwork(
  shape: NetworkShape,
  examples: Omit<Examples, 'histograms'> & { readonly extras: number },
  options: TrainOptions,
): Promise<StoredNetwork> {
  const { photos, labels, numbers, extras } = examples
  const tf = await loadTensorflow()
  const { tensor2d, tensor4d } = tf.core
  const order = balanced(labels)
  const rate = order.reduce((sum, row) => sum + (labels[row] as number), 0) / order.length
  const model = build(tf, shape, { ...options, extras, rate })
  const size = shape.edge ** 2 * 3
  await fitNetwork({
    ...options,
    tf,
    model,
    rows: order.length,
    batch(places, epoch) {
      const rows = places.map((place) => order[place] as number)
      const x = new Float32Array(rows.length * size)
      rows.forEach((row, index) => {
        const turns = options.turned ? 7 : 6
        const drawn = seededRandom(options.seed + epoch * 100_003 + (places[index] as number))()
        const symmetry = Math.floor(drawn * 8) & turns
        turnedInto(x.subarray(index * size, (index + 1) * size), photos[row] as Float32Array, shape.edge, symmetry)
      })
      const seen = tensor4d(x, [rows.length, shape.edge, shape.edge, 3])
      const further = Array.from(rows, (row) => Array.from(numbers.subarray(row * extras, (row + 1) * extras)))
      return {
        xs: extras === 0 ? seen : [seen, tensor2d(further, [rows.length, extras])],
        ys: tensor2d(
          Float32Array.from(rows, (row) => labels[row] as number),
          [rows.length, 1],
        ),
      }
    },
  })
  const weights = await Promise.all(
    model.getWeights().map(async (tensor) => packFloats(Float32Array.from(await tensor.data()))),
  )
  model.dispose()
  const layerOf = (index: number) => ({ weights: weights[2 * index] as string, bias: weights[2 * index + 1] as string })
  return {
    edge: shape.edge,
    stages: shape.stages.map((stage, index) => ({ ...stage, ...layerOf(index) })),
    head: layerOf(shape.stages.length),
  }
}

/** With fewer photos, an epoch has those of the rarer class as often as the others, each time turned differently. */
const FEW_PHOTOS = 600

/** @returns the rows of an epoch */
export function balanced(labels: Uint8Array): Uint32Array {
  const all = Uint32Array.from(labels.keys())
  if (all.length >= FEW_PHOTOS) return all
  const [intact, damaged] = [all.filter((row) => labels[row] === 0), all.filter((row) => labels[row] === 1)]
  const [rare, common] = damaged.length < intact.length ? [damaged, intact] : [intact, damaged]
  const missing = rare.length === 0 ? 0 : common.length - rare.length
  return Uint32Array.from([...all, ...Array.from({ length: missing }, (_, more) => rare[more % rare.length] as number)])
}

function build(
  tf: Tensorflow,
  { edge, stages }: NetworkShape,
  { seed, learningRate, extras, rate }: { seed: number; learningRate: number; extras: number; rate: number },
) {
  const { layers, initializers } = tf.layers
  const photo = tf.layers.input({ shape: [edge, edge, 3] })
  type Symbolic = typeof photo
  let last: Symbolic = photo
  stages.forEach((stage, index) => {
    last = convolutionLayer(tf, stage, seed + index).apply(last) as Symbolic
    if (stage.pool > 1) last = strongestLayer(tf, stage.pool).apply(last) as Symbolic
  })
  const mean = layers.globalAveragePooling2d({}).apply(last) as Symbolic
  const strongest = layers.flatten().apply(strongestLayer(tf, last.shape[1] as number).apply(last)) as Symbolic
  const further = extras === 0 ? [] : [tf.layers.input({ shape: [extras] })]
  const head = layers.dense({
    units: 1,
    activation: 'sigmoid',
    kernelInitializer: initializers.glorotUniform({ seed: seed + stages.length }),
    // Before training, the output is the share of damaged photos.
    biasInitializer: initializers.constant({ value: Math.log(rate / (1 - rate)) }),
  })
  const model = tf.layers.model({
    inputs: [photo, ...further],
    outputs: head.apply(layers.concatenate().apply([mean, strongest, ...further]) as Symbolic) as Symbolic,
  })
  model.compile({ optimizer: tf.core.train.adam(learningRate), loss: 'binaryCrossentropy' })
  return model
}
