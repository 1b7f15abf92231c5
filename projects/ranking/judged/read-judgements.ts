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
import { bad, firstProblem, parsedJson, type TextFile } from './read-text.js'

const spelled = z.string().normalize('NFC')
const grade = z
  .union([z.number(), z.string().transform(decimalOf)])
  .refine((number) => number >= 0 && number <= 100, 'must be a grade from 0 to 100')
const rating = z.object({ docId: spelled, rating: grade })
const query = spelled.trim().min(1, 'must not be empty')
const judgement = z.object({ query, ratings: z.array(rating) })
const judgements = z.object({ judgmentRatings: z.array(z.unknown()) })
type Judgement = z.infer<typeof judgement>

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
  const refuse = (problem: string): void => refuseSource(problems, `${file.name} ${problem}`)
  const seen = new Set<string>()
  let judged = 0
  const strangers = countLeftOut()
  const queries = judgementsIn(file, problems).map(({ query, ratings }): JudgedQuery => {
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

function judgementsIn(file: TextFile, problems: SourceProblems | undefined): Judgement[] {
  const otherwise = 'is not JSON; it is truncated or of another format: give an object with judgmentRatings'
  const value = parsedJson(file.name, file.text, '', otherwise)
  const whole = judgements.safeParse(value)
  if (!whole.success)
    throw bad(file.name, `${firstProblem(whole.error.issues, value)}; give an object with judgmentRatings`)
  return whole.data.judgmentRatings.flatMap((entry, index) => {
    const parsed = judgement.safeParse(entry)
    if (parsed.success) return [parsed.data]
    for (const { path, message } of parsed.error.issues) {
      const found = firstProblem([{ path: ['judgmentRatings', index, ...path], message }], value)
      if (!problems) throw bad(file.name, found)
      const field = path.filter((part) => typeof part === 'string').join('.') || 'judgmentRatings'
      problems.add(`${file.name}: ${field} ${message}`, found)
    }
    return rescued(entry)
  })
}

/** What is sound of a judgement, so that a check names what is wrong besides: its repeats and strangers. */
function rescued(entry: unknown): Judgement[] {
  const given = z.object({ query, ratings: z.array(z.unknown()) }).safeParse(entry)
  if (!given.success) return []
  const ratings = given.data.ratings.flatMap((item) => {
    const known = z.object({ docId: spelled, rating: grade.catch(0) }).safeParse(item)
    return known.success ? [known.data] : []
  })
  // All of them may be wrong: that it has none would be untrue.
  return given.data.ratings.length > 0 && ratings.length === 0 ? [] : [{ query: given.data.query, ratings }]
}
