/** The model artifact: JSON that says everything scoring needs, checked when it is loaded. */
import { z } from 'zod'
import { canonicalJson } from '../../../contracts/canonical.js'
import { SlipwayError } from '../../../contracts/failure.js'
import { FEATURE_VERSIONS, isFeatureVersion } from '../features/definitions.js'

const numbers = z.array(z.number())
const table = z.record(z.string(), z.number())
const field = z.strictObject({ length: z.number(), counts: table })
const layer = z.strictObject({
  /** inputs × units, row-major. */
  weights: numbers,
  bias: numbers,
})

const rankingModel = z.strictObject({
  schema: z.literal('ranking_model/1'),
  featureVersion: z.string().refine(isFeatureVersion, 'is no feature version of this project'),
  /** The pages it learned from: seen in [from, until) with all returns in, epoch ms. */
  trained: z.strictObject({ from: z.number(), until: z.number(), lists: z.int().min(0) }),
  /** How views fall with position; 0 where nothing told. */
  examination: z.number().min(0),
  vocabulary: z.strictObject({ listings: z.int().min(0), title: field, text: field }),
  /** What the nightly feed delivered last, by listing; empty where the feature version has no use for it. */
  feed: table,
  networks: z.array(z.array(layer).min(1)).min(1).nullable(),
})

export type RankingModel = z.infer<typeof rankingModel>
export const ARTIFACT_FORMAT = 'ranking_model/1'

export const encodeModel = (model: RankingModel): string => `${canonicalJson(rankingModel.parse(model))}\n`

/** @throws SlipwayError ArtifactMismatch when the bytes are not a model of this project, or of another feature version */
export function decodeModel(release: { artifact: Uint8Array; featureVersion: string }): RankingModel {
  const { artifact, featureVersion } = release
  const refuse = (problem: string): never => {
    throw new SlipwayError('ArtifactMismatch', `the artifact is not a ranking model: ${problem}`)
  }
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(artifact).toString('utf8'))
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error))
  }
  const parsed = rankingModel.safeParse(value)
  if (!parsed.success) return refuse(`${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}`)
  const model = parsed.data
  if (model.featureVersion !== featureVersion) {
    return refuse(`it has features ${model.featureVersion}, the release names ${featureVersion}`)
  }
  const width = FEATURE_VERSIONS[featureVersion]?.length ?? 0
  for (const network of model.networks ?? []) {
    let inputs = width
    for (const { weights, bias } of network) {
      if (weights.length !== inputs * bias.length) {
        return refuse(`a layer of ${bias.length} units has ${weights.length} weights for ${inputs} inputs`)
      }
      inputs = bias.length
    }
    if (inputs !== 1) return refuse(`a network ends in ${inputs} numbers, not in one score`)
  }
  return model
}
