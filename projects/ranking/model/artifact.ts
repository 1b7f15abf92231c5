/** Ranking's model artifact: everything that scoring needs. */
import { z } from 'zod'
import { denseLayerSchema, layersMisfit, modelFile, versionSchema } from '../../kit/model-file.js'
import { FEATURE_VERSIONS } from '../features/definitions.js'

const table = z.record(z.string(), z.number())
const field = z.strictObject({ length: z.number(), counts: table })

const rankingModel = z.strictObject({
  schema: z.literal('ranking_model/1'),
  featureVersion: versionSchema(FEATURE_VERSIONS),
  /** Trained on pages seen in [from, until) whose returns were all known, epoch ms. */
  trained: z.strictObject({ from: z.number(), until: z.number(), lists: z.int().min(0) }),
  /** How views fall with position; 0 if it could not be fitted. */
  examination: z.number().min(0),
  vocabulary: z.strictObject({ listings: z.int().min(0), title: field, text: field }),
  /** The last delivery of the nightly feed, by listing; empty where the feature version does not use it. */
  feed: table,
  /** Null in a model that is the first feature alone. */
  networks: z.array(z.array(denseLayerSchema).min(1)).min(1).nullable(),
})

export type RankingModel = z.infer<typeof rankingModel>

export const rankingModelFile = modelFile<RankingModel>(
  'ranking_model/1',
  rankingModel,
  ({ networks, featureVersion }) => {
    const misfits = networks?.map((layers) => layersMisfit(layers, FEATURE_VERSIONS[featureVersion].length, 1))
    return misfits?.find((misfit) => misfit !== undefined)
  },
)
