/** ETA's model artifact: everything that scoring needs. */
import { z } from 'zod'
import {
  calibrationSchema,
  modelFile,
  scaledNetworkMisfit,
  scaledNetworkSchema,
  versionSchema,
} from '../../kit/model-file.js'
import { FEATURE_VERSIONS } from '../features/definitions.js'
import { GROUP_NAMES } from '../features/rates.js'

const table = z.record(z.string(), z.number())

const etaModel = z.strictObject({
  schema: z.literal('eta_model/1'),
  featureVersion: versionSchema(FEATURE_VERSIONS),
  /** Trained on outcomes known in [from, until), epoch ms. */
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
  /** Late shares of the day before, as of the snapshot's cutoff; empty where the feature version does not use them. */
  feed: table,
  /** Null in a model that is the first feature's log-odds alone. */
  network: scaledNetworkSchema.nullable(),
  calibration: calibrationSchema,
})

export type EtaModel = z.infer<typeof etaModel>

export const etaModelFile = modelFile<EtaModel>('eta_model/1', etaModel, ({ network, featureVersion }) =>
  network ? scaledNetworkMisfit(network, FEATURE_VERSIONS[featureVersion].length, 1) : undefined,
)
