import { z } from 'zod'
import { digest, duration, nonEmpty, projectName } from './common.js'
import { promotionPolicy } from './policy.js'

/** What turns a model's output into an action: project-specific numbers, versioned with the tuple. */
export const actionPolicy = z.strictObject({
  version: nonEmpty,
  parameters: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
})

export const gatePolicy = z.strictObject({
  version: nonEmpty,
  required: z.array(nonEmpty).min(1),
  thresholds: z.record(z.string(), z.number()),
})

export const monitorSignal = z.strictObject({
  name: nonEmpty,
  clock: z.enum(['data_health', 'service_health', 'rollback_event', 'delayed_quality']),
  threshold: z.number(),
  /** The side of the threshold that is a breach. */
  breachWhen: z.enum(['above', 'below']),
  window: duration,
  power: z.enum(['pause', 'rollback']),
})

/** The tuple. Immutable, addressed by the sha256 of its canonical JSON; rolling back restores all of it. */
export const releaseManifest = z.strictObject({
  schema: z.literal('slipway.release/1'),
  project: projectName,
  snapshot: digest,
  featureVersion: nonEmpty,
  model: z.strictObject({ artifact: digest, format: nonEmpty, kind: nonEmpty }),
  actionPolicy,
  gates: gatePolicy,
  monitor: z.strictObject({ version: nonEmpty, signals: z.array(monitorSignal) }),
  promotionPolicy,
})
