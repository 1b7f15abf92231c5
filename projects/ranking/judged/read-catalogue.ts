/** Reads a catalogue: one product a line of JSON, as in the Amazon Shopping Queries data. */
import { z } from 'zod'
import { countLeftOut, type LeftOut, leftOutList } from '../../kit/left-out.js'
import { collecting, refuseSource } from '../../kit/source-problems.js'
import type { SourceProblems } from '../../project.js'
import type { Listing } from '../listing.js'
import { bad, firstProblem, parsedJson, type TextFile } from './read-text.js'

const spelled = z.string().normalize('NFC')
const text = spelled.nullish()
const number = z.number().nullish()

const product = z.object({
  asin: spelled.regex(/^\S+$/, 'must be an id without spaces'),
  title: spelled.trim().min(1, 'must not be empty'),
  brand: text,
  color: text,
  category: z.union([spelled, z.array(spelled)]).nullish(),
  bullet_points: text,
  description: text,
  price: number,
  rating: number,
  rating_count: number,
})

export interface Catalogue {
  readonly listings: ReadonlyMap<string, Listing>
  readonly rejected: readonly LeftOut[]
}

/** Letters of text that are kept, since each decision holds the text of all its candidates. */
const MOST_TEXT = 600
const MOST_REJECTED = 0.01

/** @throws SlipwayError BadData naming line, field and value */
export function readCatalogue(file: TextFile, problems?: SourceProblems): Catalogue {
  if (/^\s*\[/.test(file.text))
    throw bad(file.name, 'is a JSON array; write one JSON object a line, as jq -c ".[]" does')
  const listings = new Map<string, Listing>()
  const lines = new Map<string, number>()
  const rejected = countLeftOut()
  file.text.split('\n').forEach((line, index) => {
    if (line.trim() === '') return
    const listing = collecting(problems, () => listingOf(file.name, line, index + 1))
    if (!listing) return
    const before = lines.get(listing.id)
    if (before !== undefined)
      refuseSource(
        problems,
        `${file.name} has two rows for product ${listing.id}, lines ${before} and ${index + 1}; keep one for each`,
      )
    lines.set(listing.id, index + 1)
    const defect = defectOf(listing)
    if (defect) rejected.add(defect, () => `line ${index + 1}: product ${listing.id}`)
    else listings.set(listing.id, listing)
  })
  if (lines.size === 0) throw bad(file.name, 'has no products; write one JSON object a line')
  const list = rejected.list()
  const total = list.reduce((sum, { rows }) => sum + rows, 0)
  if (total > lines.size * MOST_REJECTED) {
    const most = `at most ${MOST_REJECTED * 100} % may be left out`
    const problem = `has ${total} of ${lines.size} products that cannot be used: ${leftOutList(list)}`
    refuseSource(problems, `${file.name} ${problem}; fix them first, ${most}`)
  }
  return { listings, rejected: list }
}

function listingOf(file: string, line: string, row: number): Listing {
  const otherwise = 'is not JSON; the file is truncated or of another format: write one product a line'
  const value = parsedJson(file, line, `line ${row} `, otherwise)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw bad(file, `line ${row} is not a JSON object; write one product a line`)
  const parsed = product.safeParse(value)
  if (!parsed.success) throw bad(file, `line ${row}: ${firstProblem(parsed.error.issues, value)}`)
  const { asin, title, brand, color, category, bullet_points, description, price, rating, rating_count } = parsed.data
  return {
    id: asin,
    title,
    brand: brand ?? '',
    category: (Array.isArray(category) ? category.at(-1) : category) ?? '',
    colour: color ?? '',
    text: `${bullet_points ?? ''} ${description ?? ''}`.trim().slice(0, MOST_TEXT),
    // Shops write 0 when the price is unknown.
    price: price === 0 ? null : (price ?? null),
    rating: rating ?? null,
    ratings: rating_count ?? 0,
  }
}

/** A reason is part of the snapshot's manifest, so its text must stay: the same data must give the same digest. */
const BAD_COUNT = 'a count of ratings that is no count' // words: fixed

function defectOf({ price, rating, ratings }: Listing): string | undefined {
  if (price !== null && price < 0) return 'a price below 0'
  if (rating !== null && (rating < 0 || rating > 5)) return 'stars outside 0..5'
  return ratings < 0 || !Number.isInteger(ratings) ? BAD_COUNT : undefined
}
