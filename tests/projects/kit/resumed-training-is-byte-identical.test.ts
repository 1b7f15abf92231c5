import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { fitNetwork } from '../../../projects/kit/fit.js'
import { loadTensorflow } from '../../../projects/kit/tensorflow.js'

const folders: string[] = []
const folder = () => {
  const made = mkdtempSync(join(tmpdir(), 'slipway-fit-'))
  folders.push(made)
  return made
}
afterAll(() => {
  for (const made of folders) rmSync(made, { recursive: true, force: true })
})

const ROWS = 200
const inputs = Float32Array.from({ length: ROWS * 2 }, (_, index) => Math.sin(index * 1.7))
const targets = Float32Array.from({ length: ROWS }, (_, row) => ((inputs[2 * row] ?? 0) > 0 ? 1 : 0))

/** As a new process would: a new model from the same seeds, and what the checkpoint folder holds. */
async function trainUpTo(epochs: number, checkpointFolder: string, seen: number[] = []): Promise<string> {
  const tf = await loadTensorflow()
  const kernelInitializer = tf.layers.initializers.glorotUniform({ seed: 7 })
  const model = tf.layers.sequential({
    layers: [
      tf.layers.layers.dense({ inputShape: [2], units: 8, activation: 'relu', kernelInitializer }),
      tf.layers.layers.dense({ units: 1, activation: 'sigmoid', kernelInitializer }),
    ],
  })
  model.compile({ optimizer: tf.core.train.adam(1e-2), loss: 'binaryCrossentropy' })
  await fitNetwork({
    tf,
    model,
    rows: ROWS,
    batch: (rows) => ({
      xs: tf.core.tensor2d(
        Array.from(rows, (row) => [inputs[2 * row] ?? 0, inputs[2 * row + 1] ?? 0]),
        [rows.length, 2],
      ),
      ys: tf.core.tensor2d(
        Array.from(rows, (row) => targets[row] ?? 0),
        [rows.length, 1],
      ),
    }),
    epochs,
    batchSize: 32,
    seed: 3,
    checkpointFolder,
    onProgress: ({ epoch }) => seen.push(epoch),
  })
  const weights = await Promise.all(model.getWeights().map((tensor) => tensor.data()))
  model.dispose()
  return Buffer.concat(weights.map((values) => Buffer.from(Float32Array.from(values).buffer))).toString('hex')
}

it('a training resumed from its checkpoint ends in the same bytes as one that was not interrupted', async () => {
  const whole = await trainUpTo(6, folder())
  const interrupted = folder()
  const halfWay = await trainUpTo(3, interrupted)
  const seen: number[] = []
  const resumed = await trainUpTo(6, interrupted, seen)
  expect(seen).toEqual([4, 5, 6])
  expect(halfWay).not.toBe(whole)
  expect(resumed).toBe(whole)
})
