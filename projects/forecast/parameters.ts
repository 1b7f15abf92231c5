/** What may vary between this project's candidates; everything else is the same for all. */
import { z } from 'zod'
import { SlipwayError } from '../../contracts/failure.js'
import type { FeatureVersion } from './features/definitions.js'
import { HORIZON_DAYS } from './features/horizon.js'

const parameters = z.strictObject({
  /** Adds the shop's momentum from a nightly feed that delivers per cent live. For demonstrations and tests. */
  feed: z.enum(['momentum']).optional(),
  /** Adds a lag shorter than the horizon. For demonstrations and tests. */
  leak: z.boolean().optional(),
  /** Learns every day at no more than two and a half times its usual level, as somebody wary of outliers would. For demonstrations and tests. */
  peaks: z.enum(['learned', 'cut_off']).default('learned'),
  epochs: z.int().min(1).max(100).default(5),
  batchSize: z.int().min(16).max(65_536).default(512),
  /** Drawn from all there are. */
  rows: z.int().min(1_000).max(1_000_000).default(60_000),
  /** Targets learned from lie in this many days at most. */
  trainDays: z.int().min(28).max(2_000).default(560),
  calibrationDays: z.int().min(7).max(60).default(14),
  /** Kept out of learning. Fewer than the gates hold out is a time overlap, which they find. */
  heldOutDays: z.int().min(0).max(60).default(14),
  /** Days ahead that are learned, all alike. Decisions are made the default ahead. */
  aheadFrom: z.int().min(1).max(56).default(HORIZON_DAYS),
  aheadTo: z.int().min(1).max(56).default(HORIZON_DAYS),
})

export type ForecastParameters = z.infer<typeof parameters>

/** @throws SlipwayError BadRequest naming the parameter, its value and what it may be */
export function readParameters(given: Readonly<Record<string, unknown>>): ForecastParameters {
  const parsed = parameters
    .refine(({ aheadFrom, aheadTo }) => aheadFrom <= aheadTo, {
      path: ['aheadFrom'],
      message: 'must not be above aheadTo',
    })
    .safeParse(given)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map((issue) => {
    const name = issue.path.join('.')
    return name === '' ? issue.message : `${name} is ${JSON.stringify(given[name])}: ${issue.message}`
  })
  const known = Object.keys(parameters.shape).join(', ')
  throw new SlipwayError('BadRequest', `parameters of forecast: ${problems.join('; ')} (there are ${known})`)
}

export function featureVersionOf({ feed, leak }: ForecastParameters): FeatureVersion {
  if (leak) return 'demand_lags_leak'
  return feed === 'momentum' ? 'demand_lags_v2' : 'demand_lags_v1'
}
