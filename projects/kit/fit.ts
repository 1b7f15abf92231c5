/**
 * The training loop of every network here: byte-identical for the same data and seed, in another process and after a
 * resume. Seed and epoch determine the order of the rows. Each epoch ends with a checkpoint, which is read back before
 * the next one: otherwise Adam's accumulated betas would differ in the last bit after a resume (docs/architecture.md,
 * Training).
 */
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { TrainProgress } from '../project.js'
import { type NamedValues, readCheckpoint, saveCheckpoint } from './checkpoint.js'
import { shuffled } from './shuffle.js'
import type { Tensorflow } from './tensorflow.js'

type Tensor = ReturnType<Tensorflow['core']['tensor']>

export interface Fit {
  readonly tf: Tensorflow
  /** Compiled, with seeded initialisers. Its loss is the mean over a batch. */
  readonly model: LayersModel
  readonly rows: number
  /** Inputs and targets of the given rows. `epoch` is for augmentation. `fitNetwork` disposes of the tensors. */
  readonly batch: (rows: Uint32Array, epoch: number) => { xs: Tensor | Tensor[]; ys: Tensor | Tensor[] }
  readonly epochs: number
  readonly batchSize: number
  readonly seed: number
  readonly checkpointFolder: string
  readonly onProgress: (progress: TrainProgress) => void
}

/** Trains `model` in place. It starts after the newest checkpoint in the folder, if there is one. */
export async function fitNetwork(job: Fit): Promise<void> {
  const { tf, model, rows, epochs, batchSize, seed, checkpointFolder, onProgress } = job
  const reload = async () => {
    const saved = await readCheckpoint(checkpointFolder)
    if (saved) await restore(tf, model, saved)
    return saved?.epoch ?? 0
  }
  for (let epoch = (await reload()) + 1; epoch <= epochs; epoch += 1) {
    const began = performance.now()
    const order = shuffled(rows, seed, epoch)
    let loss = 0
    for (let from = 0; from < rows; from += batchSize) {
      const chosen = order.subarray(from, Math.min(rows, from + batchSize))
      const { xs, ys } = job.batch(chosen, epoch)
      const found = await model.trainOnBatch(xs, ys)
      loss += (Array.isArray(found) ? (found[0] as number) : found) * chosen.length
      tf.core.dispose([xs, ys])
    }
    const rowsPerSecond = Math.round(rows / ((performance.now() - began) / 1_000))
    await saveCheckpoint(checkpointFolder, { epoch, ...(await stateOf(model)) })
    await reload()
    onProgress({ epoch, epochs, loss: loss / rows, rowsPerSecond })
  }
}

async function stateOf(model: LayersModel): Promise<{ model: NamedValues[]; optimizer: NamedValues[] }> {
  const named = async (name: string, tensor: Tensor): Promise<NamedValues> => ({
    name,
    shape: tensor.shape,
    values: Float32Array.from(await tensor.data()),
  })
  const weights = await Promise.all(model.getWeights().map((tensor, index) => named(String(index), tensor)))
  const moments = await model.optimizer.getWeights()
  return { model: weights, optimizer: await Promise.all(moments.map(({ name, tensor }) => named(name, tensor))) }
}

async function restore(
  tf: Tensorflow,
  model: LayersModel,
  saved: { model: readonly NamedValues[]; optimizer: readonly NamedValues[] },
): Promise<void> {
  const tensorOf = ({ values, shape }: NamedValues) => tf.core.tensor(values, [...shape])
  const weights = saved.model.map(tensorOf)
  model.setWeights(weights)
  tf.core.dispose(weights)
  const moments = saved.optimizer.map((part) => ({ name: part.name, tensor: tensorOf(part) }))
  await model.optimizer.setWeights(moments)
}
