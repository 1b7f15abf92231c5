import { z } from 'zod'
import { digest, duration, nonEmpty, projectName } from './common.js'
import { promotionPolicy } from './policy.js'

export const actionPolicy = z
  .strictObject({
    version: nonEmpty.describe('Version of the rule that turns outputs into actions.'),
    parameters: z
      .record(z.string(), z.union([z.number(), z.string(), z.boolean()]))
      .describe('Parameters of the rule, for example its threshold.'),
  })
  .describe('What turns a model’s output into an action. Versioned with the release.')

export const gatePolicy = z
  .strictObject({
    version: nonEmpty.describe('Version of the gates.'),
    required: z.array(nonEmpty).min(1).describe('Gates that must pass. A missing one counts as failed.'),
    thresholds: z.record(z.string(), z.number()).describe('Thresholds of the gates by name.'),
  })
  .describe('Offline gates between candidate and canary.')

export const monitorSignal = z.strictObject({
  name: nonEmpty.describe('Name of the signal, as the project or the service measures it.'),
  clock: z
    .enum(['data_health', 'service_health', 'rollback_event', 'delayed_quality'])
    .describe('What the signal is about, and hence on which clock it is measured.'),
  threshold: z.number().describe('Threshold of a breach.'),
  breachWhen: z.enum(['above', 'below']).describe('Side of the threshold that is a breach.'),
  window: duration.describe('Window over which the signal is measured.'),
  power: z.enum(['pause', 'rollback']).describe('What a breach does.'),
  beyondReference: z
    .number()
    .min(0)
    .optional()
    .describe(
      'For a number that depends on the data: the arm on trial must also be beyond the arm it is compared with, in the same window, by more than this. Absent: the threshold alone.',
    ),
})

export const monitorPolicy = z
  .strictObject({
    version: nonEmpty.describe('Version of the monitor.'),
    signals: z.array(monitorSignal).describe('Signals that are measured.'),
  })
  .describe('What is watched while the release takes traffic.')

export const releaseManifest = z
  .strictObject({
    schema: z.literal('slipway.release/1').describe('Version of this format.'),
    project: projectName.describe('Name of the project.'),
    snapshot: digest.describe('Digest of the snapshot’s manifest.'),
    featureVersion: nonEmpty.describe('Version of the features.'),
    model: z
      .strictObject({
        artifact: digest.describe('Digest of the model’s bytes.'),
        format: nonEmpty.describe('Format of the artifact.'),
        kind: nonEmpty.describe('Kind of model, for people.'),
      })
      .describe('The model.'),
    actionPolicy,
    gates: gatePolicy,
    monitor: monitorPolicy,
    promotionPolicy,
  })
  .describe(
    'The release tuple. Immutable, addressed by the SHA-256 of its canonical JSON; a rollback restores all of it.',
  )
