/** The model artifact: JSON that says everything scoring needs, checked when it is loaded. */
import { z } from 'zod'
import { canonicalJson } from '../../../contracts/canonical.js'
import { SlipwayError } from '../../../contracts/failure.js'
import { FEATURE_VERSIONS, type FeatureVersion, isFeatureVersion } from '../features/definitions.js'

/** Levels of the quantiles that every model gives, lowest first. */
export const QUANTILES = [0.1, 0.5, 0.75, 0.9] as const

const numbers = z.array(z.number())
const perQuantile = z.array(z.number()).length(QUANTILES.length)

const layer = z.strictObject({
  /** inputs × units, row-major. */
  weights: numbers,
  bias: numbers,
})

const forecastModel = z
  .strictObject({
    schema: z.literal('forecast_model/1'),
    featureVersion: z.string().refine(isFeatureVersion, 'is no feature version of this project'),
    /** Days ahead that it was made for. */
    horizon: z.strictObject({ from: z.int().min(1), to: z.int().min(1) }),
    /** What it learned from: targets on days in [from, until), day numbers. */
    trained: z.strictObject({ from: z.int(), until: z.int(), rows: z.int().min(0) }),
    /** What the nightly feed said at the snapshot's cutoff; null where the feature version has no use for it. */
    feed: z.number().nullable(),
    network: z.strictObject({ mean: numbers, deviation: numbers, layers: z.array(layer).min(1) }).nullable(),
    /** Added to each quantile, in multiples of the usual level. A model without a network adds them to its first feature's level. */
    offsets: perQuantile,
  })
  .refine(({ horizon }) => horizon.from <= horizon.to, { path: ['horizon'], message: 'ends before it begins' })

export type ForecastModel = z.infer<typeof forecastModel>
export const ARTIFACT_FORMAT = 'forecast_model/1'

export const encodeModel = (model: ForecastModel): string => `${canonicalJson(forecastModel.parse(model))}\n`

/** @throws SlipwayError ArtifactMismatch when the bytes are not a model of this project, or of another feature version */
export function decodeModel({
  artifact,
  featureVersion,
}: {
  artifact: Uint8Array
  featureVersion: string
}): ForecastModel {
  const refuse = (problem: string): never => {
    throw new SlipwayError('ArtifactMismatch', `the artifact is no forecast model: ${problem}`)
  }
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(artifact).toString('utf8'))
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error))
  }
  const parsed = forecastModel.safeParse(value)
  if (!parsed.success) return refuse(`${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}`)
  const model = parsed.data
  if (model.featureVersion !== featureVersion)
    return refuse(`it has features ${model.featureVersion}, the release names ${featureVersion}`)
  const problem = model.network && shapeProblem(model.network, namesOf(model).length)
  return problem ? refuse(problem) : model
}

export const namesOf = ({ featureVersion }: Pick<ForecastModel, 'featureVersion'>) =>
  FEATURE_VERSIONS[featureVersion as FeatureVersion]

function shapeProblem({ mean, deviation, layers }: NonNullable<ForecastModel['network']>, width: number) {
  if (mean.length !== width || deviation.length !== width) return `it has ${mean.length} inputs, not ${width}`
  let inputs = width
  for (const { weights, bias } of layers) {
    if (weights.length !== inputs * bias.length)
      return `a layer of ${weights.length} weights is not ${inputs} × ${bias.length}`
    inputs = bias.length
  }
  return inputs === QUANTILES.length ? undefined : `it has ${inputs} outputs, not ${QUANTILES.length}`
}
