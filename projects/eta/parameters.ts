/** Training parameters: what may differ between candidates. Everything else is the same for all. */
import { z } from 'zod'
import { parameterReader } from '../kit/training-parameters.js'
import type { FeatureVersion } from './features/definitions.js'

const parameters = z.strictObject({
  /** Adds late shares of the day before, from a feed that delivers per cent live. For demonstrations and tests. */
  feed: z.enum(['yesterday']).optional(),
  /** Adds a feature that is known too late: `true` for one known at arrival. For demonstrations and tests. */
  leak: z.union([z.boolean(), z.enum(['departure_delay'])]).optional(),
  epochs: z.int().min(1).max(100).default(4),
  batchSize: z.int().min(16).max(65_536).default(512),
  /** The most days to train on. Older days gave worse results in April, June and August of nycflights13. */
  trainDays: z.int().min(7).max(1_000).default(100),
  calibrationDays: z.int().min(1).max(60).default(7),
  /** Kept out of training. Fewer days than the gates hold out are a time overlap, which the leakage gate finds. */
  heldOutDays: z.int().min(0).max(60).default(7),
})

export type EtaParameters = z.infer<typeof parameters>

export const readParameters = parameterReader('eta', parameters)

export function featureVersionOf({ feed, leak }: EtaParameters): FeatureVersion {
  if (leak === 'departure_delay') return 'eta_features_leak_departure'
  if (leak) return 'eta_features_leak'
  return feed === 'yesterday' ? 'eta_features_v2' : 'eta_features_v1'
}
