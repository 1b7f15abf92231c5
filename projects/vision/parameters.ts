/** Training parameters: what may differ between candidates. Everything else is the same for all. */
import { z } from 'zod'
import { parameterReader } from '../kit/training-parameters.js'
import type { FeatureVersion } from './features.js'

const parameters = z.strictObject({
  /** `small` suits the default data. `fine` finds small defects and is slower. */
  network: z.enum(['small', 'fine']).default('small'),
  epochs: z.int().min(1).max(200).default(8),
  batchSize: z.int().min(4).max(256).default(16),
  learningRate: z.number().gt(0).max(0.1).default(0.004),
  /** Whether to train on photos turned by 90 degrees, besides mirrored ones. */
  turned: z.boolean().default(true),
  calibrationShare: z.number().gt(0).lt(0.5).default(0.15),
  /** Kept out of training. A smaller share than the gates hold out is an overlap, which the leakage gate finds. */
  heldOutShare: z.number().min(0).lt(0.8).default(0.25),
  /** The most photos to train on, the newest first. Each takes 150 kB of memory during training. */
  mostPhotos: z.int().min(60).max(6_000).default(4_000),
  /** Adds an input known only at the review, which is a leak. For demonstrations and tests. */
  leak: z.enum(['claim_filed']).optional(),
  /** Splits by photo, so that one shipment is on both sides: a leak. For demonstrations and tests. */
  split: z.enum(['by_photo']).optional(),
})

export type VisionParameters = z.infer<typeof parameters>

export const readParameters = parameterReader('vision', parameters)

export const featureVersionOf = ({ leak }: VisionParameters): FeatureVersion =>
  leak === undefined ? 'parcel_rgb_224_v1' : 'parcel_rgb_224_claim'
