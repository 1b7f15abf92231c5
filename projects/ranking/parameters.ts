/** Training parameters: what may differ between candidates. Everything else is the same for all. */
import { z } from 'zod'
import { parameterReader } from '../kit/training-parameters.js'
import type { FeatureVersion } from './features/definitions.js'

const parameters = z.strictObject({
  /** Adds views of the day before, from a feed that delivers ranks live. For demonstrations and tests. */
  feed: z.enum(['views']).optional(),
  /** Adds a feature known only after the return window, which is a leak. For demonstrations and tests. */
  leak: z.boolean().optional(),
  /** `open` admits blocked listings to the slate. For demonstrations and tests. */
  slate: z.enum(['strict', 'open']).default('strict'),
  /** The most days to train on; a snapshot has 21. */
  trainDays: z.int().min(1).max(21).default(14),
  /** Kept out of training. Fewer days than the gates hold out are a time overlap, which the leakage gate finds. */
  heldOutDays: z.int().min(0).max(60).default(7),
  /**
   * The defaults depend on the data: for few lists many epochs and several networks, for many lists a few epochs and
   * one. With few lists a linear ranker counts for as much as the networks.
   */
  epochs: z.int().min(1).max(500).optional(),
  batchSize: z.int().min(4).max(4_096).optional(),
  members: z.int().min(1).max(20).optional(),
})

export type RankingParameters = z.infer<typeof parameters>

export const readParameters = parameterReader('ranking', parameters)

export const featureVersionOf = ({ feed, leak }: RankingParameters): FeatureVersion =>
  leak ? 'ranking_features_leak' : feed === 'views' ? 'ranking_features_v2' : 'ranking_features_v1'

const FEW_LISTS = 1_000
const USUAL = { epochs: 3, batchSize: 64, members: 1, linear: false }

/** Epochs, batch size and number of networks: the given parameters, or defaults for this many training lists. */
export function effortFor(lists: number, { epochs, batchSize, members }: RankingParameters) {
  const usual = lists < FEW_LISTS ? { epochs: 40, batchSize: 16, members: 3, linear: true } : USUAL
  return {
    epochs: epochs ?? usual.epochs,
    batchSize: batchSize ?? usual.batchSize,
    members: members ?? usual.members,
    linear: usual.linear,
  }
}
