/** Vision's model artifact: everything that scoring needs. */
import { z } from 'zod'
import { calibrationSchema, modelFile, versionSchema } from '../../kit/model-file.js'
import { FEATURE_VERSIONS, numbersOf } from '../features.js'
import { NUMBERS } from './histograms.js'
import { layerSchema, networkSchema, type StoredNetwork, unpackFloats } from './network-shape.js'

const visionModel = z.strictObject({
  schema: z.literal('vision_model/1'),
  featureVersion: versionSchema(FEATURE_VERSIONS),
  /** Hashes of the shipments it was trained or calibrated on, sorted. None of them may be held out. */
  trained: z.strictObject({ shipments: z.array(z.string()), rows: z.int().min(0) }),
  /** Share of damaged photos in training: the answer of a model with neither network nor histograms. */
  rate: z.number().gt(0).lt(1),
  network: networkSchema.nullable(),
  /**
   * Gradient histograms with a logistic unit, added to the network's log-odds times `networkFactor`, which is 0 where
   * there is no network; absent where the network alone is better, and in models of earlier builds.
   */
  histograms: layerSchema.extend({ networkFactor: z.number().min(0) }).optional(),
  calibration: calibrationSchema,
})

export type VisionModel = z.infer<typeof visionModel>

export const visionModelFile = modelFile<VisionModel>(
  'vision_model/1',
  visionModel,
  ({ network, histograms, featureVersion }) => {
    const lengths = histograms && [histograms.weights, histograms.bias].map((text) => unpackFloats(text).length)
    if (lengths && (lengths[0] !== NUMBERS || lengths[1] !== 1))
      return `the histograms have ${lengths[0]} weights and ${lengths[1]} biases, not ${NUMBERS} and 1`
    if (histograms && histograms.networkFactor > 0 !== (network !== null))
      return `the factor of the network is ${histograms.networkFactor} and there is ${network ? 'a' : 'no'} network`
    return network ? misfit(network, numbersOf(featureVersion).length) : undefined
  },
)

/** Whether the weights fit together. A network of another width would score, but mean nothing. */
function misfit({ stages, head, edge }: StoredNetwork, extras: number): string | undefined {
  let [channels, left] = [3, edge]
  for (const [index, { filters, kernel, stride, pool, weights, bias }] of stages.entries()) {
    const counts = [unpackFloats(weights).length, unpackFloats(bias).length]
    if (counts[0] !== kernel * kernel * channels * filters || counts[1] !== filters)
      return `stage ${index} has ${counts[0]} weights and ${counts[1]} biases for ${channels} to ${filters} channels`
    left = Math.ceil(left / stride) / pool
    if (!Number.isInteger(left) || left < 1) return `stage ${index} cannot divide an edge of ${left * pool} pixels`
    channels = filters
  }
  const inputs = unpackFloats(head.weights).length
  return inputs === 2 * channels + extras
    ? undefined
    : `the last unit has ${inputs} inputs, not ${2 * channels + extras}`
}
