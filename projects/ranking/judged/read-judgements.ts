/**
 * Reads judged queries: `{judgmentRatings: [{query, ratings: [{docId, rating}]}]}`, grades 0 to 100, 100 is an exact
 * match.
 */
import { z } from 'zod'
import { decimalOf } from '../../../contracts/decimal.js'
import type { Listing } from '../listing.js'
import { bad, firstProblem, type TextFile } from './read-text.js'

const grade = z
  .union([z.number(), z.string().transform(decimalOf)])
  .refine((number) => number >= 0 && number <= 100, 'must be a grade from 0 to 100')
const judgements = z.object({
  judgmentRatings: z.array(
    z.object({
      query: z.string().trim().min(1, 'must not be empty'),
      ratings: z.array(z.object({ docId: z.string(), rating: grade })),
    }),
  ),
})

export interface JudgedQuery {
  readonly query: string
  /** A gain is a hundredth of the grade. */
  readonly items: readonly { readonly listing: string; readonly gain: number }[]
}

const MOST_STRANGERS = 0.01

/** @throws SlipwayError BadData naming the query, the field and the value */
export function readJudgements(
  file: TextFile,
  listings: ReadonlyMap<string, Listing>,
): { queries: JudgedQuery[]; strangers: number } {
  let value: unknown
  try {
    value = JSON.parse(file.text)
  } catch {
    throw bad(file.name, 'is not JSON; it is truncated or of another format: give an object with judgmentRatings')
  }
  const parsed = judgements.safeParse(value)
  if (!parsed.success) throw bad(file.name, firstProblem(parsed.error.issues, value))
  const seen = new Set<string>()
  let [judged, strangers, stranger] = [0, 0, '']
  const queries = parsed.data.judgmentRatings.map(({ query, ratings }): JudgedQuery => {
    const quoted = JSON.stringify(query)
    if (seen.has(query)) throw bad(file.name, `has query ${quoted} twice; join its judgements`)
    seen.add(query)
    if (ratings.length === 0)
      throw bad(file.name, `has query ${quoted} without judged products; judge some or remove the query`)
    const own = new Set<string>()
    for (const { docId } of ratings) {
      if (own.has(docId)) throw bad(file.name, `judges product ${docId} twice for query ${quoted}; keep one judgement`)
      own.add(docId)
      if (!listings.has(docId)) stranger ||= `${docId} of query ${quoted}`
    }
    const known = ratings.filter(({ docId }) => listings.has(docId))
    judged += ratings.length
    strangers += ratings.length - known.length
    return { query, items: known.map(({ docId, rating }) => ({ listing: docId, gain: rating / 100 })) }
  })
  if (strangers > judged * MOST_STRANGERS) {
    const problem = `judges ${strangers} products that are not in the catalogue, first ${stranger}`
    throw bad(file.name, `${problem}; give the catalogue that has them`)
  }
  return { queries, strangers }
}
