/** What may vary between vision's candidates; everything else is the same for all. */
import { z } from 'zod'
import { SlipwayError } from '../../contracts/failure.js'
import type { FeatureVersion } from './inputs.js'

const parameters = z.strictObject({
  /** `small` for the default data, `fine` for small defects: slower. */
  network: z.enum(['small', 'fine']).default('small'),
  epochs: z.int().min(1).max(200).default(8),
  batchSize: z.int().min(4).max(256).default(16),
  learningRate: z.number().gt(0).max(0.1).default(0.004),
  /** Learns from photos turned by a quarter too, besides mirrored ones. */
  turned: z.boolean().default(true),
  calibrationShare: z.number().gt(0).lt(0.5).default(0.15),
  /** Kept out of learning. Less than the gates hold out is an overlap, which they find. */
  heldOutShare: z.number().min(0).lt(0.8).default(0.25),
  /** Learns from the newest this many at most: a photo takes 150 kB of memory while it is learned from. */
  mostPhotos: z.int().min(60).max(6_000).default(4_000),
  /** Adds an input known only at the review. For demonstrations and tests. */
  leak: z.enum(['claim_filed']).optional(),
  /** Deals photos out one by one, shipments straddling. For demonstrations and tests. */
  split: z.enum(['by_photo']).optional(),
})

export type VisionParameters = z.infer<typeof parameters>

/** @throws SlipwayError BadRequest naming the parameter, its value and what it may be */
export function readParameters(given: Readonly<Record<string, unknown>>): VisionParameters {
  const parsed = parameters.safeParse(given)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map((issue) => {
    const name = issue.path.join('.')
    return name === '' ? issue.message : `${name} is ${JSON.stringify(given[name])}: ${issue.message}`
  })
  const known = Object.keys(parameters.shape).join(', ')
  throw new SlipwayError('BadRequest', `parameters of vision: ${problems.join('; ')} (there are ${known})`)
}

export const featureVersionOf = ({ leak }: VisionParameters): FeatureVersion =>
  leak === undefined ? 'parcel_rgb_224_v1' : 'parcel_rgb_224_claim'
