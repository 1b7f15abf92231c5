import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { loadTensorflow } from '../../../projects/kit/tensorflow.js'
import { convolutionLayer } from '../../../projects/vision/model/convolution.js'
import { trainNetwork } from '../../../projects/vision/model/network.js'
import { unpackFloats } from '../../../projects/vision/model/network-shape.js'
import { strongestLayer } from '../../../projects/vision/model/pooling.js'
import { openNetwork } from '../../../projects/vision/model/predict.js'

const waves = (length: number, pace: number) => Float32Array.from({ length }, (_, at) => Math.sin(at * pace) * 1.3)

/** As a layer in a network is asked: the loss is a weighted sum of what comes out. */
async function gradientsOf(stride: number, kernel: number, edge: number) {
  const tf = await loadTensorflow()
  const { core } = tf
  const layer = convolutionLayer(tf, { filters: 2, kernel, stride }, 3)
  const input = waves(2 * edge * edge * 2, 0.7)
  layer.apply(tf.layers.input({ shape: [edge, edge, 2] }))
  const [filters] = layer.getWeights()
  const weights = await (filters as NonNullable<typeof filters>).data()
  const left = Math.ceil(edge / stride)
  const importance = core.tensor(waves(2 * left * left * 2, 1.9), [2, left, left, 2])
  type Tensor = typeof importance
  const loss = (photos: ArrayLike<number>, values: ArrayLike<number>) =>
    core.tidy(() => {
      const x = core.tensor(Float32Array.from(photos), [2, edge, edge, 2])
      // So large a bias that no answer is below zero: the loss is then linear, and its slope exact.
      layer.setWeights([core.tensor(Float32Array.from(values), [kernel, kernel, 2, 2]), core.fill([2], 100)])
      return core.sum(core.mul(layer.apply(x) as Tensor, importance)).dataSync()[0] as number
    })
  loss(input, weights)
  const variable = (layer.trainableWeights[0] as unknown as { val: Parameters<typeof core.variableGrads>[1] }).val
  const x = core.variable(core.tensor(input, [2, edge, edge, 2]))
  const { grads } = core.variableGrads(
    () => core.sum(core.mul(layer.apply(x) as Tensor, importance)),
    [x, variable as never],
  )
  const [dx, dw] = [x, variable as unknown as typeof x].map(({ name }) => grads[name]?.dataSync() ?? new Float32Array())
  return { loss, input, weights, dx: dx as Float32Array, dw: dw as Float32Array }
}

const slope = (loss: (values: Float32Array) => number, values: ArrayLike<number>, at: number): number => {
  const step = 0.5
  const moved = (by: number) => loss(Float32Array.from(values, (value, index) => (index === at ? value + by : value)))
  return (moved(step) - moved(-step)) / (2 * step)
}

it.each([
  [1, 3, 7],
  [2, 5, 8],
  [4, 7, 12],
])(
  'the filter gradient of a convolution of stride %i and kernel %i is the slope of the loss',
  async (stride, kernel, edge) => {
    const { loss, input, weights, dw } = await gradientsOf(stride, kernel, edge)
    for (let at = 0; at < weights.length; at += 7) {
      const expected = slope((values) => loss(input, values), weights, at)
      expect(Math.abs((dw[at] as number) - expected), `filter weight ${at}`).toBeLessThan(
        0.02 + 0.02 * Math.abs(expected),
      )
    }
  },
)

it('the photo gradient of a convolution is the slope of the loss', async () => {
  const { loss, input, weights, dx } = await gradientsOf(1, 3, 7)
  for (let at = 0; at < input.length; at += 11) {
    const expected = slope((values) => loss(values, weights), input, at)
    expect(Math.abs((dx[at] as number) - expected), `pixel ${at}`).toBeLessThan(0.02 + 0.02 * Math.abs(expected))
  }
})

it('the strongest of each square hands its gradient to the one pixel it came from', async () => {
  const tf = await loadTensorflow()
  const { core } = tf
  const x = core.variable(core.tensor(waves(1 * 4 * 4 * 2, 2.3), [1, 4, 4, 2]))
  const layer = strongestLayer(tf, 2)
  const { value, grads } = core.variableGrads(() => core.sum(layer.apply(x) as typeof x), [x])
  const given = [...(grads[x.name]?.dataSync() ?? [])]
  const values = await x.data()
  expect(given.filter((gradient) => gradient === 1)).toHaveLength(8)
  expect(given.reduce((sum, gradient, at) => sum + gradient * (values[at] as number), 0)).toBeCloseTo(
    (await value.data())[0] as number,
    4,
  )
})

it('plain loops answer what the trained network would, further inputs included', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-vision-'))
  const edge = 16
  const shape = {
    edge,
    stages: [
      { filters: 4, kernel: 5, stride: 2, pool: 2 },
      { filters: 8, kernel: 3, stride: 1, pool: 1 },
    ],
  }
  const photos = Array.from({ length: 24 }, (_, row) => waves(edge * edge * 3, 0.3 + row / 40))
  const labels = Uint8Array.from(photos, (_, row) => row % 2)
  const numbers = Float32Array.from(photos, (_, row) => (row % 3) - 1)
  try {
    const network = await trainNetwork(
      shape,
      { photos, labels, numbers, extras: 1 },
      {
        seed: 5,
        epochs: 3,
        batchSize: 8,
        learningRate: 0.01,
        turned: true,
        checkpointFolder: folder,
        onProgress: () => {},
      },
    )
    const open = openNetwork(network)
    const tf = await loadTensorflow()
    const { core } = tf
    const weightOf = ({ weights }: { weights: string }) => unpackFloats(weights)
    photos.slice(0, 6).forEach((photo, row) => {
      const expected = core.tidy(() => {
        let x = core.tensor4d(photo, [1, edge, edge, 3])
        for (const stage of network.stages) {
          const { kernel, filters, stride, pool } = stage
          const w = core.tensor4d(weightOf(stage), [kernel, kernel, x.shape[3], filters])
          x = core.relu(core.add(core.conv2d(x, w, stride, 'same'), core.tensor1d(unpackFloats(stage.bias))))
          x = core.maxPool(x, pool, pool, 'same')
        }
        const features = core.concat([core.mean(x, [1, 2]), core.max(x, [1, 2])], 1)
        const all = core.concat([features, core.tensor2d([[numbers[row] as number]])], 1)
        const head = core.tensor2d(weightOf(network.head), [17, 1])
        return core.add(core.matMul(all, head), core.tensor1d(unpackFloats(network.head.bias))).dataSync()[0] as number
      })
      expect(open(photo, [numbers[row] as number])).toBeCloseTo(expected, 3)
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
