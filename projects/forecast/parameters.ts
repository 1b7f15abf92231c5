/** Training parameters: what may differ between candidates. Everything else is the same for all. */
import { z } from 'zod'
import { parameterReader } from '../kit/training-parameters.js'
import type { Series } from './counts/history.js'
import type { FeatureVersion } from './features/definitions.js'
import { HORIZON_DAYS } from './features/horizon.js'

const parameters = z
  .strictObject({
    /** Adds the shop's momentum from a nightly feed that delivers per cent live. For demonstrations and tests. */
    feed: z.enum(['momentum']).optional(),
    /** Adds a lag shorter than the horizon, which is a leak. For demonstrations and tests. */
    leak: z.boolean().optional(),
    /** `cut_off` clips the training targets at two and a half times the usual level. For demonstrations and tests. */
    peaks: z.enum(['learned', 'cut_off']).default('learned'),
    epochs: z.int().min(1).max(100).default(5),
    batchSize: z.int().min(16).max(65_536).default(512),
    /** How many training examples are drawn. */
    rows: z.int().min(1_000).max(1_000_000).default(60_000),
    /** The most days that training targets are taken from. */
    trainDays: z.int().min(28).max(2_000).default(560),
    calibrationDays: z.int().min(7).max(60).default(14),
    /** Kept out of training. Fewer days than the gates hold out are a time overlap, which the leakage gate finds. */
    heldOutDays: z.int().min(0).max(60).default(14),
    /**
     * Training covers each number of days ahead from `aheadFrom` to `aheadTo`. Live decisions are made the default
     * ahead.
     */
    aheadFrom: z.int().min(1).max(56).default(HORIZON_DAYS),
    aheadTo: z.int().min(1).max(56).default(HORIZON_DAYS),
  })
  .refine(({ aheadFrom, aheadTo }) => aheadFrom <= aheadTo, {
    path: ['aheadFrom'],
    message: 'must not be above aheadTo',
  })

export type ForecastParameters = z.infer<typeof parameters>

export const readParameters = parameterReader('forecast', parameters)

/** @param series of the snapshot: what their data say beyond counts becomes features */
export function featureVersionOf({ feed, leak }: ForecastParameters, series: readonly Series[]): FeatureVersion {
  if (leak) return 'demand_lags_leak'
  if (feed === 'momentum') return 'demand_lags_v2'
  const saysMore = series.some(({ schoolHoliday, storeType }) => schoolHoliday !== undefined || storeType !== undefined)
  return saysMore ? 'demand_lags_v3' : 'demand_lags_v1'
}
