/** The frame around a model artifact in JSON: written as canonical bytes, checked in full when it is loaded. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { canonicalJson } from '../../contracts/canonical.js'
import { SlipwayError } from '../../contracts/failure.js'
import { parseJson } from '../../contracts/json-text.js'
import type { LoadedRelease, TrainResult } from '../project.js'

interface Header {
  /** The format, e.g. `eta_model/1`. */
  readonly schema: string
  readonly featureVersion: string
}

export interface ModelFile<Model extends Header> {
  readonly format: string
  /** The same model gives the same bytes. */
  encode(model: Model): string
  /** Writes `model.json` into the folder. */
  write(outFolder: string, model: Model): Promise<Pick<TrainResult, 'artifactFile' | 'format'>>
  /** @throws SlipwayError ArtifactMismatch when the bytes are not such a model, or one of another feature version */
  decode(release: Pick<LoadedRelease, 'artifact' | 'featureVersion'>): Model
}

/**
 * @param misfit what does not fit together in a model of the right shape, e.g. a layer's size; undefined when all does
 */
export function modelFile<Model extends Header>(
  format: string,
  schema: z.ZodType<Model>,
  misfit: (model: Model) => string | undefined,
): ModelFile<Model> {
  const encode = (model: Model): string => `${canonicalJson(schema.parse(model))}\n`
  return {
    format,
    encode,
    async write(outFolder, model) {
      const artifactFile = join(outFolder, 'model.json')
      await writeFile(artifactFile, encode(model))
      return { artifactFile, format }
    },
    decode({ artifact, featureVersion }) {
      const refuse = (problem: string): never => {
        throw new SlipwayError('ArtifactMismatch', `the artifact is not a valid ${format}: ${problem}`)
      }
      let value: unknown
      try {
        value = parseJson(Buffer.from(artifact).toString('utf8'))
      } catch (error) {
        return refuse(error instanceof Error ? error.message : String(error))
      }
      const parsed = schema.safeParse(value)
      const issue = parsed.error?.issues[0]
      if (!parsed.success) return refuse(`${issue?.path.join('.')}: ${issue?.message}`)
      const model = parsed.data
      if (model.featureVersion !== featureVersion)
        return refuse(`it has features ${model.featureVersion}, the release names ${featureVersion}`)
      const problem = misfit(model)
      return problem === undefined ? model : refuse(problem)
    },
  }
}

const numbers = z.array(z.number())

export const denseLayerSchema = z.strictObject({
  /** inputs × units, row-major. */
  weights: numbers,
  bias: numbers,
})

/** Dense layers behind inputs with mean 0 and deviation 1. */
export const scaledNetworkSchema = z.strictObject({
  mean: numbers,
  deviation: numbers,
  layers: z.array(denseLayerSchema).min(1),
})

/** Platt's calibration: p = 1 / (1 + exp(−(slope · z + intercept))), z the log-odds before. */
export const calibrationSchema = z.strictObject({ slope: z.number(), intercept: z.number() })

/** The names of a project's table of feature versions. */
export const versionSchema = <Version extends string>(table: Readonly<Record<Version, unknown>>) =>
  z.enum(Object.keys(table) as [Version, ...Version[]])

type Layers = readonly z.infer<typeof denseLayerSchema>[]

/** Whether each layer's weights fit the layer before it. A network that does not fit would score, but mean nothing. */
export function layersMisfit(layers: Layers, width: number, outputs: number): string | undefined {
  let inputs = width
  for (const { weights, bias } of layers) {
    if (weights.length !== inputs * bias.length)
      return `a layer of ${bias.length} units has ${weights.length} weights for ${inputs} inputs`
    inputs = bias.length
  }
  return inputs === outputs ? undefined : `the network has ${inputs} outputs, not ${outputs}`
}

export function scaledNetworkMisfit(
  { mean, deviation, layers }: z.infer<typeof scaledNetworkSchema>,
  width: number,
  outputs: number,
): string | undefined {
  if (mean.length !== width || deviation.length !== width) return `it has ${mean.length} inputs, not ${width}`
  return layersMisfit(layers, width, outputs)
}
