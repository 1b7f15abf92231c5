/** Input and output of a trainer in another language: docs/trainer-contract.md. */
import { z } from 'zod'
import { nonEmpty } from './common.js'
import { actionPolicy } from './release.js'
import { snapshotManifest } from './snapshot.js'

export const trainingJob = z
  .strictObject({
    schema: z.literal('slipway.training_job/1').describe('Version of this format.'),
    snapshot: snapshotManifest,
    dataFile: nonEmpty.describe('Path of the snapshot’s normalised rows. Read only.'),
    outFolder: nonEmpty.describe('Path of an empty folder for the artifact and `result.json`.'),
    checkpointFolder: nonEmpty.describe('Path of a folder that keeps its files between attempts at the same training.'),
    seed: z.int().describe('Same data, parameters and seed must give the same bytes.'),
    parameters: z
      .record(z.string(), z.union([z.number(), z.string(), z.boolean()]))
      .describe('Parameters of the trigger, by name.'),
  })
  .describe('The job file. Its path is the last argument of the program; paths in it are absolute.')

/** `{"progress": …}` on a line of standard output: how far the training is. */
export const trainProgress = z.object({
  epoch: z.number().describe('Epoch that ended.'),
  epochs: z.number().describe('Epochs in all.'),
  loss: z.number().nullable().describe('Training loss; null if it is not finite.'),
  rowsPerSecond: z.number().nullable().describe('Speed; null if it is not finite.'),
})

export const trainingResult = z
  .strictObject({
    schema: z.literal('slipway.training_result/1').describe('Version of this format.'),
    artifact: nonEmpty.describe('Path of the model file, relative to the output folder.'),
    format: nonEmpty.describe('Format of the artifact, as the project’s `load` expects it.'),
    kind: nonEmpty.describe('Kind of model, for people.'),
    featureVersion: nonEmpty.describe('Version of the features that the model reads.'),
    actionPolicy,
    metrics: z.record(z.string(), z.number()).describe('Metrics of the training, by name.'),
  })
  .describe('`result.json` in the output folder.')
