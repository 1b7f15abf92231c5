/**
 * A trainable 2-d convolution for the wasm backend, whose `conv2d` lacks the gradient of the filter. Both gradients are
 * convolutions themselves, so the fast forward kernel computes them.
 *
 * With y[i] = Σ_a w[a] · x[s·i + a − p], the gradient dw[a] = Σ_i dy[i] · x[s·i + a − p] is x convolved with dy dilated
 * s times, with photos in place of channels. For s = 1, dx is dy convolved with the filter rotated by 180 degrees.
 */
import type { Tensorflow } from '../../kit/tensorflow.js'

export interface ConvolutionShape {
  /** A multiple of four: scoring computes four at a time. */
  readonly filters: number
  /** Odd, or a multiple of the stride. */
  readonly kernel: number
  /** Above 1 only in a network's first stage, where no gradient of the input is needed. */
  readonly stride: number
}

type Tensor4D = ReturnType<Tensorflow['core']['tensor4d']>
type Variable = ReturnType<Tensorflow['core']['variable']>

/** Zeros added before and after an edge so that the output is ⌈length / stride⌉ long, as TensorFlow's `same`. */
export function samePadding(length: number, { kernel, stride }: Omit<ConvolutionShape, 'filters'>): [number, number] {
  const total = Math.max(0, (Math.ceil(length / stride) - 1) * stride + kernel - length)
  return [Math.floor(total / 2), Math.ceil(total / 2)]
}

/** The convolution without bias and activation, which the layer adds. */
function convolve({ core }: Tensorflow, { kernel, stride }: ConvolutionShape) {
  return core.customGrad((photos, filters, save) => {
    const [x, w] = [photos as Tensor4D, filters as Tensor4D]
    const keep = save as (tensors: unknown[]) => void
    keep([x, w])
    return {
      value: core.conv2d(x, w, stride, 'same'),
      gradFunc: (dy, saved) => {
        const [x, w] = saved as [Tensor4D, Tensor4D]
        const gradient = dy as Tensor4D
        const edge = samePadding(x.shape[1], { kernel, stride })
        const byChannel = core.transpose(x, [3, 1, 2, 0])
        const asFilter = core.transpose(gradient, [1, 2, 0, 3])
        const dw = core.conv2d(byChannel, asFilter, 1, [[0, 0], edge, edge, [0, 0]], 'NHWC', stride)
        const turned = () => core.transpose(core.reverse(w, [0, 1]), [0, 1, 3, 2])
        const dx = stride === 1 ? core.conv2d(gradient, turned(), 1, 'same') : core.zerosLike(x)
        return [dx, core.transpose(dw, [1, 2, 0, 3])]
      },
    }
  })
}

/** A layer of ReLU(convolution + bias), filters initialised by He's rule from `seed`. */
export function convolutionLayer(tf: Tensorflow, shape: ConvolutionShape, seed: number) {
  const run = convolve(tf, shape)
  class Convolution extends tf.layers.layers.Layer {
    static className = 'SlipwayConvolution'
    private filters!: { read(): unknown }
    private bias!: { read(): unknown }

    override build(input: number[]): void {
      const { kernel, filters } = shape
      const he = tf.layers.initializers.heNormal({ seed })
      this.filters = this.addWeight('filters', [kernel, kernel, input[3] as number, filters], 'float32', he)
      this.bias = this.addWeight('bias', [filters], 'float32', tf.layers.initializers.zeros())
      this.built = true
    }

    override computeOutputShape(input: number[]): (number | null)[] {
      const edge = Math.ceil((input[1] as number) / shape.stride)
      return [input[0] ?? null, edge, edge, shape.filters]
    }

    override call(inputs: Tensor4D | Tensor4D[]): Tensor4D {
      const x = Array.isArray(inputs) ? (inputs[0] as Tensor4D) : inputs
      const convolved = run(x, this.filters.read() as Variable)
      return tf.core.relu(tf.core.add(convolved, this.bias.read() as Variable)) as Tensor4D
    }
  }
  return new Convolution({})
}
