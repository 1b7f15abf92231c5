/** What may vary between ETA's candidates; everything else is the same for all. */
import { z } from 'zod'
import { SlipwayError } from '../../contracts/failure.js'
import type { FeatureVersion } from './features/definitions.js'

const parameters = z.strictObject({
  /** Adds late shares of the day before, from a feed that delivers per cent live. For demonstrations and tests. */
  feed: z.enum(['yesterday']).optional(),
  /** Adds a feature known only afterwards: `true` for one known at arrival. For demonstrations and tests. */
  leak: z.union([z.boolean(), z.enum(['departure_delay'])]).optional(),
  epochs: z.int().min(1).max(100).default(4),
  batchSize: z.int().min(16).max(65_536).default(512),
  /** Learns from this many days at most: older ones made it worse in April, June and August of nycflights13. */
  trainDays: z.int().min(7).max(1_000).default(100),
  calibrationDays: z.int().min(1).max(60).default(7),
  /** Kept out of learning. Fewer than the gates hold out is a time overlap, which they find. */
  heldOutDays: z.int().min(0).max(60).default(7),
})

export type EtaParameters = z.infer<typeof parameters>

/** @throws SlipwayError BadRequest naming the parameter, its value and what it may be */
export function readParameters(given: Readonly<Record<string, unknown>>): EtaParameters {
  const parsed = parameters.safeParse(given)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map((issue) => {
    const name = issue.path.join('.')
    return name === '' ? issue.message : `${name} is ${JSON.stringify(given[name])}: ${issue.message}`
  })
  const known = Object.keys(parameters.shape).join(', ')
  throw new SlipwayError('BadRequest', `parameters of eta: ${problems.join('; ')} (there are ${known})`)
}

export function featureVersionOf({ feed, leak }: EtaParameters): FeatureVersion {
  if (leak === 'departure_delay') return 'eta_features_leak_departure'
  if (leak) return 'eta_features_leak'
  return feed === 'yesterday' ? 'eta_features_v2' : 'eta_features_v1'
}
