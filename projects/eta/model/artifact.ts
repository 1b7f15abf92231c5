/** The model artifact: JSON that says everything scoring needs, checked when it is loaded. */
import { z } from 'zod'
import { canonicalJson } from '../../../contracts/canonical.js'
import { SlipwayError } from '../../../contracts/failure.js'
import { FEATURE_VERSIONS, isFeatureVersion } from '../features/definitions.js'
import { GROUP_NAMES } from '../features/rates.js'

const numbers = z.array(z.number())
const table = z.record(z.string(), z.number())

const layer = z.strictObject({
  /** inputs × units, row-major. */
  weights: numbers,
  bias: numbers,
})

const etaModel = z.strictObject({
  schema: z.literal('eta_model/1'),
  featureVersion: z.string().refine(isFeatureVersion, 'is no feature version of this project'),
  /** What it learned from: outcomes known in [from, until), epoch ms. */
  trained: z.strictObject({ from: z.number(), until: z.number(), rows: z.int().min(0) }),
  rates: z.strictObject({
    overall: z.number(),
    groups: z.strictObject(
      Object.fromEntries(GROUP_NAMES.map((name) => [name, table])) as Record<
        (typeof GROUP_NAMES)[number],
        typeof table
      >,
    ),
  }),
  /** Yesterday's late shares as they stood at the snapshot's cutoff; empty where the feature version has no use for them. */
  feed: table,
  network: z.strictObject({ mean: numbers, deviation: numbers, layers: z.array(layer).min(1) }).nullable(),
  /** p = 1 / (1 + exp(−(slope · z + intercept))), z the log-odds before (Platt 1999). */
  calibration: z.strictObject({ slope: z.number(), intercept: z.number() }),
})

export type EtaModel = z.infer<typeof etaModel>
export const ARTIFACT_FORMAT = 'eta_model/1'

export const encodeModel = (model: EtaModel): string => `${canonicalJson(etaModel.parse(model))}\n`

/** @throws SlipwayError ArtifactMismatch when the bytes are not a model of this project, or of another feature version */
export function decodeModel({ artifact, featureVersion }: { artifact: Uint8Array; featureVersion: string }): EtaModel {
  const refuse = (problem: string): never => {
    throw new SlipwayError('ArtifactMismatch', `the artifact is not an ETA model: ${problem}`)
  }
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(artifact).toString('utf8'))
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error))
  }
  const parsed = etaModel.safeParse(value)
  if (!parsed.success) return refuse(`${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}`)
  const model = parsed.data
  if (model.featureVersion !== featureVersion) {
    return refuse(`it has features ${model.featureVersion}, the release names ${featureVersion}`)
  }
  const width = FEATURE_VERSIONS[model.featureVersion as keyof typeof FEATURE_VERSIONS].length
  if (model.network && model.network.mean.length !== width)
    return refuse(`it has ${model.network.mean.length} inputs, not ${width}`)
  return model
}
