/**
 * Trainable max pooling over squares of `size` × `size`, in plain loops. The wasm backend's own gradient of max pooling
 * takes five to thirty times as long (measured at 16 × 28 × 28 × 24: 30 ms, here 1 ms).
 */
import type { Tensorflow } from '../../kit/tensorflow.js'

type Tensor4D = ReturnType<Tensorflow['core']['tensor4d']>

function strongest({ core }: Tensorflow, size: number) {
  return core.customGrad((input) => {
    const x = input as Tensor4D
    const [photos, edge, , channels] = x.shape
    const values = x.dataSync()
    const left = edge / size
    const best = new Float32Array(photos * left * left * channels).fill(Number.NEGATIVE_INFINITY)
    const where = new Int32Array(best.length)
    let at = 0
    for (let line = 0; line < photos * edge; line += 1) {
      const start = (Math.floor(line / edge) * left + Math.floor((line % edge) / size)) * left
      for (let column = 0; column < edge; column += 1) {
        const square = (start + Math.floor(column / size)) * channels
        for (let channel = 0; channel < channels; channel += 1, at += 1) {
          const value = values[at] as number
          if (value <= (best[square + channel] as number)) continue
          best[square + channel] = value
          where[square + channel] = at
        }
      }
    }
    return {
      value: core.tensor4d(best, [photos, left, left, channels]),
      gradFunc: (dy) => {
        const gradient = new Float32Array(values.length)
        const given = dy.dataSync()
        for (let square = 0; square < where.length; square += 1)
          gradient[where[square] as number] = given[square] as number
        return core.tensor4d(gradient, x.shape)
      },
    }
  })
}

/** @param size must divide the edge of the layer's input */
export function strongestLayer(tf: Tensorflow, size: number) {
  const run = strongest(tf, size)
  class Strongest extends tf.layers.layers.Layer {
    static className = 'SlipwayStrongest'

    override computeOutputShape([photos, edge, , channels]: number[]): (number | null)[] {
      const left = (edge as number) / size
      return [photos ?? null, left, left, channels as number]
    }

    override call(inputs: Tensor4D | Tensor4D[]): Tensor4D {
      return run(Array.isArray(inputs) ? (inputs[0] as Tensor4D) : inputs) as Tensor4D
    }
  }
  return new Strongest({})
}
