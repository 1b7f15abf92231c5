/** What a program in another language is told and says: docs/trainer-contract.md. */
import { z } from 'zod'
import { nonEmpty } from './common.js'
import { actionPolicy } from './release.js'
import { snapshotManifest } from './snapshot.js'

/** The job file: its path is the program's last argument. Paths are absolute. */
export const trainingJob = z.strictObject({
  schema: z.literal('slipway.training_job/1'),
  snapshot: snapshotManifest,
  /** The snapshot's normalised rows; read only. */
  dataFile: nonEmpty,
  /** Empty, for the artifact and `result.json`. */
  outFolder: nonEmpty,
  /** What was left here by a killed attempt at the same training is here again. */
  checkpointFolder: nonEmpty,
  seed: z.int(),
  parameters: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
})

/** `{"progress": …}` on a line of standard output: how far the training is. */
export const trainProgress = z.object({
  epoch: z.number(),
  epochs: z.number(),
  /** Null where it is no finite number. */
  loss: z.number().nullable(),
  rowsPerSecond: z.number().nullable(),
})

/** `result.json` in the output folder. */
export const trainingResult = z.strictObject({
  schema: z.literal('slipway.training_result/1'),
  /** The model file, relative to the output folder. */
  artifact: nonEmpty,
  format: nonEmpty,
  kind: nonEmpty,
  featureVersion: nonEmpty,
  actionPolicy,
  metrics: z.record(z.string(), z.number()),
})
