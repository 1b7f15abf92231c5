/** One attempt to train a candidate, successful or not. */
import { z } from 'zod'
import { count, digest, nonEmpty } from '../schemas/common.js'
import { artifact, holding, snapshotDigest } from './fields.js'

export const trainingRunBody = z
  .strictObject({
    attempt: z.int().min(1).optional().describe('The attempt, counted from 1.'),
    snapshot: snapshotDigest.describe('Digest of the snapshot it was trained on.'),
    parameters: holding('releaseId', z.record(z.string(), z.union([z.number(), z.string(), z.boolean()]))).describe(
      'The training parameters of the trigger.',
    ),
    seed: z.int().describe('Seed of the random number generator.'),
    code: digest.optional().describe('Digest of the trainer code.'),
    seconds: z.number().optional().describe('Duration in seconds of wall time.'),
    firstEpoch: z
      .number()
      .nullable()
      .optional()
      .describe('First epoch of this attempt: above 1 after a resume; null where the trainer reported no epoch.'),
    artifact: artifact.optional().describe('Digest of the trained model; absent when training failed.'),
    featureVersion: nonEmpty.optional().describe('Version of the features; absent when training failed.'),
    metrics: z
      .record(z.string(), z.number())
      .optional()
      .describe('Metrics the trainer reported; absent when training failed.'),
    failed: z
      .strictObject({
        type: z.string().describe('Type of the failure.'),
        message: z.string().describe('Message of the failure.'),
      })
      .optional()
      .describe('Why training failed; absent when it succeeded.'),
    output: z
      .strictObject({
        artifact: artifact.describe('Digest of the whole output.'),
        bytes: count.describe('Size of the whole output in bytes.'),
        tail: z.string().describe('The end of the output.'),
      })
      .nullable()
      .optional()
      .describe('What the trainer printed; null when it printed nothing.'),
    peakMemoryBytes: z
      .number()
      .nullable()
      .optional()
      .describe('Highest memory use in bytes; null where it was not measured.'),
    environment: z
      .strictObject({
        node: z.string().describe('Version of Node.js.'),
        platform: z.string().describe('Operating system.'),
        arch: z.string().describe('Processor architecture.'),
      })
      .describe('Where it was trained: byte-identical training holds within one processor architecture.'),
  })
  .describe('One attempt to train a candidate, successful or not.')
export type TrainingRunBody = z.infer<typeof trainingRunBody>

export const trainingKey = (workflowId: string, attempt: number): string => `${workflowId}:training:${attempt}`
