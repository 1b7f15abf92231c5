/** The model artifact: JSON that says everything scoring needs, checked when it is loaded. */
import { z } from 'zod'
import { canonicalJson } from '../../../contracts/canonical.js'
import { SlipwayError } from '../../../contracts/failure.js'
import { isFeatureVersion, numbersOf } from '../inputs.js'
import { networkSchema, type StoredNetwork, unpackFloats } from './shape.js'

const visionModel = z.strictObject({
  schema: z.literal('vision_model/1'),
  featureVersion: z.string().refine(isFeatureVersion, 'is no feature version of this project'),
  /** The shipments it learned from or was calibrated on, hashed and sorted: none of them may be held out. */
  trained: z.strictObject({ shipments: z.array(z.string()), rows: z.int().min(0) }),
  /** Share of damaged photos it learned from: the answer of a model without a network. */
  rate: z.number().gt(0).lt(1),
  network: networkSchema.nullable(),
  /** p = 1 / (1 + exp(−(slope · z + intercept))), z the log-odds before (Platt 1999). */
  calibration: z.strictObject({ slope: z.number(), intercept: z.number() }),
})

export type VisionModel = z.infer<typeof visionModel>
export const ARTIFACT_FORMAT = 'vision_model/1'

export const encodeModel = (model: VisionModel): string => `${canonicalJson(visionModel.parse(model))}\n`

/** @throws SlipwayError ArtifactMismatch when the bytes are not a model of this project, or of another feature version */
export function decodeModel({
  artifact,
  featureVersion,
}: {
  artifact: Uint8Array
  featureVersion: string
}): VisionModel {
  const refuse = (problem: string): never => {
    throw new SlipwayError('ArtifactMismatch', `the artifact is not a vision model: ${problem}`)
  }
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(artifact).toString('utf8'))
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error))
  }
  const parsed = visionModel.safeParse(value)
  if (!parsed.success) return refuse(`${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}`)
  const model = parsed.data
  if (model.featureVersion !== featureVersion)
    return refuse(`it has features ${model.featureVersion}, the release names ${featureVersion}`)
  const problem = model.network && misfit(model.network, numbersOf(model.featureVersion).length)
  return problem ? refuse(problem) : model
}

/** Whether the weights fit together; a network of another width would score, and mean nothing. */
function misfit({ stages, head, edge }: StoredNetwork, extras: number): string | null {
  let [channels, left] = [3, edge]
  for (const [index, { filters, kernel, stride, pool, weights, bias }] of stages.entries()) {
    const counts = [unpackFloats(weights).length, unpackFloats(bias).length]
    if (counts[0] !== kernel * kernel * channels * filters || counts[1] !== filters)
      return `stage ${index} has ${counts[0]} weights and ${counts[1]} biases for ${channels} to ${filters} channels`
    left = Math.ceil(left / stride) / pool
    if (!Number.isInteger(left) || left < 1) return `stage ${index} cannot halve an edge of ${left * pool} pixels`
    channels = filters
  }
  const inputs = unpackFloats(head.weights).length
  return inputs === 2 * channels + extras ? null : `the last unit has ${inputs} inputs, not ${2 * channels + extras}`
}
