/**
 * A folder of judged queries as a shop. The judgements are real. What such data lack is derived from names alone, and
 * the source's name says so: which products are blocked, when a query was asked, and the shoppers whose traffic a
 * canary sees.
 */
import { createHash } from 'node:crypto'
import { basename, join } from 'node:path'
import { DAY_MS } from '../../../contracts/duration.js'
import { isHidden } from '../../kit/file-names.js'
import { refuseSource } from '../../kit/source-problems.js'
import { namesIn } from '../../kit/user-file.js'
import type { SourceProblems } from '../../project.js'
import type { Page, PageItem } from '../data/page.js'
import type { Shop } from '../data/shop.js'
import { drawFor } from '../generator/seeded-draw.js'
import { FORBIDDEN } from '../generator/shopper-truth.js'
import type { Candidate, Listing } from '../listing.js'
import { THRESHOLDS } from '../policy.js'
import { splitAt } from '../split.js'
import { readCatalogue } from './read-catalogue.js'
import { type JudgedQuery, readJudgements } from './read-judgements.js'
import { bad, readText } from './read-text.js'

/** Enough queries for training, gates and traffic. */
const FEWEST_QUERIES = 80
const BLOCKED = 0.03
const PER_DAY = 600
const CANDIDATES = 20
const SHOPPERS = 4_000

/** Uniform in [0, 1), from a name alone. */
const chanceOf = (...words: string[]): number =>
  createHash('sha256').update(words.join('\0')).digest().readUInt32BE(0) / 2 ** 32

export const isBlocked = (listing: string): boolean => chanceOf('blocked', listing) < BLOCKED

/** Six in ten queries are for training, two for the gates, two for traffic. */
function partOf({ query }: JudgedQuery): 'learn' | 'gates' | 'traffic' {
  const chance = chanceOf('part', query)
  return chance < 0.6 ? 'learn' : chance < 0.8 ? 'gates' : 'traffic'
}

/** @param folder with one file of judged queries and one catalogue, recognised by their names */
export async function judgedShop(folder: string, problems?: SourceProblems): Promise<Shop> {
  const { files, listings, rejected, queries } = await readFolder(folder, problems)
  if (queries.length < FEWEST_QUERIES) {
    const found = `has ${queries.length} judged queries; at least ${FEWEST_QUERIES} are required`
    refuseSource(problems, `${basename(folder)} ${found}; add judged queries`)
  }
  refuseFlatGrades(basename(folder), queries, problems)
  return {
    source: { name: `${basename(folder)}: judged queries; blocked flags, times and shoppers are derived`, files },
    listings,
    rejected,
    pages: (_from, cutoff) => pagesOf(queries, cutoff),
    traffic: (from, to) => trafficOf(queries, listings, from, to),
  }
}

/** Where all products of a query have one grade, every order of them is as good: none can be learned or measured. */
function refuseFlatGrades(name: string, queries: readonly JudgedQuery[], problems?: SourceProblems): void {
  const differing = queries.filter(({ items }) => items.some(({ gain }) => gain !== items[0]?.gain))
  const lacking = (['learn', 'gates'] as const).some((part) => !differing.some((query) => partOf(query) === part))
  // Too few queries are named by themselves.
  if (queries.length < FEWEST_QUERIES || !lacking) return
  const found = `has ${differing.length} of ${queries.length} judged queries whose products have different grades`
  refuseSource(
    problems,
    `${name} ${found}, so no order is better than another; grade products that fit a query better higher than others`,
  )
}

/** Every judged query as a page without a date, for measuring a ranker outside of the project's own split. */
export async function readJudgedFolder(folder: string): Promise<{ listings: Shop['listings']; pages: Page[] }> {
  const { listings, queries } = await readFolder(folder)
  return { listings, pages: queries.map((query) => pageOf(query, 0)) }
}

async function readFolder(folder: string, problems?: SourceProblems) {
  const paths = await findFiles(folder)
  const [catalogue, judgements] = await Promise.all([readText(paths.catalogue), readText(paths.judgements)])
  const { listings, rejected } = readCatalogue(catalogue, problems)
  const { queries, left } = readJudgements(judgements, listings, problems)
  const files = [judgements, catalogue].map(({ name, sha256, bytes }) => ({ name, sha256, bytes }))
  return { files, listings, queries, rejected: [...rejected, ...left] }
}

/** Pages are dated so that the split by time is a split by query: no query is on both sides. */
function pagesOf(queries: readonly JudgedQuery[], cutoff: number): Page[] {
  const { learnUntil, heldOutFrom, heldOutTo } = splitAt(cutoff, THRESHOLDS.heldOutDays)
  const spread = (part: 'learn' | 'gates', from: number, to: number) => {
    const chosen = queries.filter((query) => partOf(query) === part)
    return chosen.map((query, index) => pageOf(query, from + Math.floor(((index + 0.5) * (to - from)) / chosen.length)))
  }
  return [...spread('learn', learnUntil - 7 * DAY_MS, learnUntil), ...spread('gates', heldOutFrom, heldOutTo)]
}

function pageOf({ query, items }: JudgedQuery, at: number): Page {
  const itemOf = ({ listing, gain }: JudgedQuery['items'][number]): PageItem => ({
    listing,
    gain,
    blocked: isBlocked(listing),
    sold: null,
    inStock: true,
    position: null,
    viewed: false,
  })
  return { id: `judged ${query}`, at, query, order: 'judged', items: items.map(itemOf) }
}

function* trafficOf(
  queries: readonly JudgedQuery[],
  listings: ReadonlyMap<string, Listing>,
  from: number,
  to: number,
): ReturnType<Shop['traffic']> & Generator {
  const asked = queries.filter((query) => partOf(query) === 'traffic')
  for (let day = Math.floor(from / DAY_MS); day * DAY_MS < to; day += 1) {
    const draw = drawFor(day)
    for (let number = 0; number < PER_DAY; number += 1) {
      const at = Math.floor(day * DAY_MS + ((number + draw.next()) * DAY_MS) / PER_DAY)
      const { query, items } = draw.pick(asked)
      const entityKey = `shopper-${Math.floor(draw.next() * SHOPPERS)}`
      const found = draw.some(items, CANDIDATES)
      if (at < from || at >= to) continue
      const gains = found.map(({ listing, gain }): [string, number] => [listing, isBlocked(listing) ? FORBIDDEN : gain])
      yield {
        id: `${day}-${number}`,
        entityKey,
        at,
        input: { query, candidates: found.map(({ listing }) => candidateOf(listings.get(listing) as Listing)) },
        label: Object.fromEntries(gains.filter(([, gain]) => gain !== 0)),
        knownAt: at + DAY_MS,
      }
    }
  }
}

const candidateOf = (listing: Listing): Candidate => ({
  ...listing,
  sold: null,
  blocked: isBlocked(listing.id),
  inStock: true,
})

async function findFiles(folder: string): Promise<{ catalogue: string; judgements: string }> {
  const names = (await namesIn(folder, 'give a folder with two files')).filter((name) => !isHidden(name))
  const one = (what: string, pattern: RegExp): string => {
    const found = names.filter((name) => pattern.test(name))
    if (found.length === 1 && found[0]) return join(folder, found[0])
    const have = found.length === 0 ? 'none' : found.join(', ')
    throw bad(basename(folder), `needs one file of ${what} named like ${pattern.source}; it has ${have}`)
  }
  return {
    catalogue: one('products', /(product|catalog).*\.jsonl?(\.gz)?$/i),
    judgements: one('judged queries', /judg.*\.json(\.gz)?$/i),
  }
}
