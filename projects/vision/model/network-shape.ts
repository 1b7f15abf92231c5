/** The available networks, and how their weights are stored in an artifact. */
import { z } from 'zod'
import type { ConvolutionShape } from './convolution.js'

export interface StageShape extends ConvolutionShape {
  /** Edge of the max pooling squares after the convolution; 1 is no pooling. */
  readonly pool: number
}

export interface NetworkShape {
  /** Edge in pixels of the network's input: the photo's 224, averaged down. */
  readonly edge: number
  readonly stages: readonly StageShape[]
}

/**
 * `small` trains in seconds and finds damage of the size of a hand. `fine` trains in minutes and finds pores and
 * cracks.
 */
export const NETWORKS = {
  small: {
    edge: 112,
    stages: [
      { filters: 16, kernel: 7, stride: 4, pool: 1 },
      { filters: 24, kernel: 3, stride: 1, pool: 1 },
    ],
  },
  fine: {
    edge: 112,
    stages: [
      { filters: 12, kernel: 5, stride: 2, pool: 1 },
      { filters: 16, kernel: 3, stride: 1, pool: 2 },
      { filters: 32, kernel: 3, stride: 1, pool: 2 },
      { filters: 48, kernel: 3, stride: 1, pool: 1 },
    ],
  },
} as const satisfies Record<string, NetworkShape>

/** 32-bit floats, little-endian, in base64: exact, and a quarter as long as decimal digits. */
const floats = z.base64().refine((text) => Buffer.byteLength(text, 'base64') % 4 === 0, 'must be 32-bit floats')

export const layerSchema = z.strictObject({ weights: floats, bias: floats })

export const networkSchema = z.strictObject({
  edge: z.int().min(8).max(224),
  stages: z
    .array(
      layerSchema.extend({
        filters: z.int().min(4).max(256).multipleOf(4),
        kernel: z.int().min(1).max(15),
        stride: z.int().min(1).max(8),
        pool: z.int().min(1).max(8),
      }),
    )
    .min(1),
  /** From the mean and the maximum of each last filter, and from further inputs, to the log-odds. */
  head: layerSchema,
})

export type StoredNetwork = z.infer<typeof networkSchema>

export const packFloats = (values: Float32Array): string =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64')

export const unpackFloats = (text: string): Float32Array =>
  new Float32Array(Uint8Array.from(Buffer.from(text, 'base64')).buffer)
