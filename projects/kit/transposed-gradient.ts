/**
 * The gradient of a matrix product without flags for transposition. The wasm backend has a fast kernel only for a
 * product of two matrices as they are; with a flag it falls back to a plain loop, which was most of a training's time.
 * Transposing first is the same sum in another order, so weights differ in their last bits.
 */
import type { Tensor } from '@tensorflow/tfjs-core'

type Core = typeof import('@tensorflow/tfjs-core')

/** Replaces the gradient of `matMul` for this process. A product that has flags itself keeps the usual one. */
export function transposeInGradients(core: Core): void {
  const usual = core.getGradient(core.BatchMatMul)
  const transposed = (x: Tensor) => core.transpose(x, x.rank === 3 ? [0, 2, 1] : [1, 0])
  core.unregisterGradient(core.BatchMatMul)
  core.registerGradient({
    ...usual,
    gradFunc(dy, saved, attributes) {
      const [a, b] = saved
      if (attributes.transposeA || attributes.transposeB || !a || !b) return usual.gradFunc(dy, saved, attributes)
      const of = dy as Tensor
      return { a: () => core.matMul(of, transposed(b)), b: () => core.matMul(transposed(a), of) }
    },
  })
}
