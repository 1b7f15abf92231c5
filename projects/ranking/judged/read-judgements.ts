/**
 * Reads judged queries: `{judgmentRatings: [{query, ratings: [{docId, rating}]}]}`, grades 0 to 100, 100 is an exact
 * match.
 */
import { z } from 'zod'
import { decimalOf } from '../../../contracts/decimal.js'
import { countLeftOut, type LeftOut } from '../../kit/left-out.js'
import { refuseSource } from '../../kit/source-problems.js'
import type { SourceProblems } from '../../project.js'
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
const STRANGER = 'judged, but not in the catalogue'

/** @throws SlipwayError BadData naming the query, the field and the value */
export function readJudgements(
  file: TextFile,
  listings: ReadonlyMap<string, Listing>,
  problems?: SourceProblems,
): { queries: JudgedQuery[]; left: LeftOut[] } {
  let value: unknown
  try {
    value = JSON.parse(file.text)
  } catch {
    throw bad(file.name, 'is not JSON; it is truncated or of another format: give an object with judgmentRatings')
  }
  const parsed = judgements.safeParse(value)
  if (!parsed.success) {
    for (const issue of parsed.error.issues.slice(1)) problems?.add(`${file.name} ${firstProblem([issue], value)}`)
    throw bad(file.name, firstProblem(parsed.error.issues, value))
  }
  const refuse = (problem: string): void => refuseSource(problems, `${file.name} ${problem}`)
  const seen = new Set<string>()
  let judged = 0
  const strangers = countLeftOut()
  const queries = parsed.data.judgmentRatings.map(({ query, ratings }): JudgedQuery => {
    const quoted = JSON.stringify(query)
    if (seen.has(query)) refuse(`has query ${quoted} twice; join its judgements`)
    seen.add(query)
    if (ratings.length === 0) refuse(`has query ${quoted} without judged products; judge some or remove the query`)
    const own = new Set<string>()
    for (const { docId } of ratings) {
      if (own.has(docId)) refuse(`judges product ${docId} twice for query ${quoted}; keep one judgement`)
      own.add(docId)
      if (!listings.has(docId)) strangers.add(STRANGER, () => `${docId} of query ${quoted}`)
    }
    const known = ratings.filter(({ docId }) => listings.has(docId))
    judged += ratings.length
    return { query, items: known.map(({ docId, rating }) => ({ listing: docId, gain: rating / 100 })) }
  })
  const left = strangers.list()
  const [unknown] = left
  if (unknown && unknown.rows > judged * MOST_STRANGERS) {
    const problem = `judges ${unknown.rows} products that are not in the catalogue, first ${unknown.examples?.[0]}`
    refuse(`${problem}; give the catalogue that has them, at most ${MOST_STRANGERS * 100} % may be left out`)
  }
  return { queries, left }
}
