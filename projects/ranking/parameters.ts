/** What may vary between ranking's candidates; everything else is the same for all. */
import { z } from 'zod'
import { SlipwayError } from '../../contracts/failure.js'

const parameters = z.strictObject({
  /** Adds views of the day before, from a feed that delivers ranks live. For demonstrations and tests. */
  feed: z.enum(['views']).optional(),
  /** Adds a feature known only after the return window. For demonstrations and tests. */
  leak: z.boolean().optional(),
  /** `open` lets blocked listings into the slate. For demonstrations and tests. */
  slate: z.enum(['strict', 'open']).default('strict'),
  /** Learns from this many days at most; a snapshot holds 21 to learn from. */
  trainDays: z.int().min(1).max(21).default(14),
  /** Kept out of learning. Fewer than the gates hold out is a time overlap, which they find. */
  heldOutDays: z.int().min(0).max(60).default(7),
  /** By default few lists are gone over often, by several networks, and many lists twice by one. */
  epochs: z.int().min(1).max(500).optional(),
  batchSize: z.int().min(4).max(4_096).optional(),
  members: z.int().min(1).max(20).optional(),
})

export type RankingParameters = z.infer<typeof parameters>

/** @throws SlipwayError BadRequest naming the parameter, its value and what it may be */
export function readParameters(given: Readonly<Record<string, unknown>>): RankingParameters {
  const parsed = parameters.safeParse(given)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map((issue) => {
    const name = issue.path.join('.')
    return name === '' ? issue.message : `${name} is ${JSON.stringify(given[name])}: ${issue.message}`
  })
  const known = Object.keys(parameters.shape).join(', ')
  throw new SlipwayError('BadRequest', `parameters of ranking: ${problems.join('; ')} (there are ${known})`)
}

export const featureVersionOf = ({ feed, leak }: RankingParameters): string =>
  leak ? 'ranking_features_leak' : feed === 'views' ? 'ranking_features_v2' : 'ranking_features_v1'

const FEW_LISTS = 1_000

export function effortFor(lists: number, { epochs, batchSize, members }: RankingParameters) {
  const usual = lists < FEW_LISTS ? { epochs: 40, batchSize: 16, members: 3 } : { epochs: 3, batchSize: 64, members: 1 }
  return {
    epochs: epochs ?? usual.epochs,
    batchSize: batchSize ?? usual.batchSize,
    members: members ?? usual.members,
  }
}
