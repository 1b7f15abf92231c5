/** Forecast's model artifact: everything that scoring needs. */
import { z } from 'zod'
import { modelFile, scaledNetworkMisfit, scaledNetworkSchema, versionSchema } from '../../kit/model-file.js'
import { FEATURE_VERSIONS, MOST_STORE_TYPES } from '../features/definitions.js'

/** Levels of the quantiles that every model gives, ascending. */
export const QUANTILES = [0.1, 0.5, 0.75, 0.9] as const

const forecastModel = z
  .strictObject({
    schema: z.literal('forecast_model/1'),
    featureVersion: versionSchema(FEATURE_VERSIONS),
    /** The days ahead that it forecasts. */
    horizon: z.strictObject({ from: z.int().min(1), to: z.int().min(1) }),
    /** Trained on target days in [from, until), day numbers. */
    trained: z.strictObject({ from: z.int(), until: z.int(), rows: z.int().min(0) }),
    /** The nightly feed's value at the snapshot's cutoff; null where the feature version does not use it. */
    feed: z.number().nullable(),
    /** The types of stores that it knows, in the order of its features; absent where the feature version has none. */
    storeTypes: z.array(z.string()).max(MOST_STORE_TYPES).exactOptional(),
    /** Null in a model that is the first feature's level alone. */
    network: scaledNetworkSchema.nullable(),
    /** Added to each quantile, in multiples of the usual level. */
    offsets: z.array(z.number()).length(QUANTILES.length),
  })
  .refine(({ horizon }) => horizon.from <= horizon.to, { path: ['horizon'], message: 'ends before it begins' })

export type ForecastModel = z.infer<typeof forecastModel>

export const forecastModelFile = modelFile<ForecastModel>('forecast_model/1', forecastModel, (model) =>
  model.network ? scaledNetworkMisfit(model.network, namesOf(model).length, QUANTILES.length) : undefined,
)

export const namesOf = ({ featureVersion }: Pick<ForecastModel, 'featureVersion'>) => FEATURE_VERSIONS[featureVersion]
