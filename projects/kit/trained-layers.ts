import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { DenseLayer } from './dense-layers.js'

/** The weights of a trained network of dense layers, for the artifact. Frees the network's memory. */
export async function takeLayers(model: LayersModel): Promise<{ weights: number[]; bias: number[] }[]> {
  const values = await Promise.all(model.getWeights().map(async (tensor) => Array.from(await tensor.data(), rounded)))
  model.dispose()
  return Array.from({ length: values.length / 2 }, (_, layer) => ({
    weights: values[2 * layer] as number[],
    bias: values[2 * layer + 1] as number[],
  })) satisfies DenseLayer[]
}

/** A 32-bit float holds no more than eight digits. */
const rounded = (value: number): number => Number(value.toPrecision(8))
