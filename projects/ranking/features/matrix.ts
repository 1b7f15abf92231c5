/** Results pages as numbers: one row a candidate, one column a feature, in the order of the feature version. */
import type { Candidate, Impression } from '../listing.js'
import { companyOf } from './company.js'
import type { FeatureName } from './definitions.js'
import { type Document, documentOf } from './document.js'
import { type Match, matchOf } from './match.js'
import { type Query, queryOf } from './query.js'
import type { Vocabulary } from './vocabulary.js'

/** Row-major; list i has the rows offsets[i] to offsets[i + 1]. NaN where a value is unknown. */
export interface Matrix {
  readonly names: readonly FeatureName[]
  readonly offsets: Uint32Array
  readonly values: Float32Array
}

/** Features that are not part of an impression; `index` is the candidate's place in its list. */
export type Extra = (name: 'view_rate_yesterday' | 'kept_units', list: number, index: number) => number

export function featuresOf(
  impressions: readonly Impression[],
  names: readonly FeatureName[],
  vocabulary: Vocabulary,
  extra: Extra = () => Number.NaN,
): Matrix {
  const offsets = new Uint32Array(impressions.length + 1)
  impressions.forEach(({ candidates }, list) => {
    offsets[list + 1] = (offsets[list] as number) + candidates.length
  })
  const values = new Float32Array((offsets[impressions.length] as number) * names.length)
  const words = names.includes('bm25_title') ? createWordFeatures(vocabulary) : undefined
  let at = 0
  impressions.forEach((impression, list) => {
    const found = words?.(impression)
    impression.candidates.forEach((candidate, index) => {
      for (const name of names) {
        values[at] =
          name === 'view_rate_yesterday' || name === 'kept_units'
            ? extra(name, list, index)
            : (found?.(name, index) ?? listingFeature(name, candidate))
        at += 1
      }
    })
  })
  return { names, offsets, values }
}

/** Each pair of query and listing is matched once in a call: the same pairs occur again and again. */
function createWordFeatures(vocabulary: Vocabulary) {
  const queries = new Map<string, { query: Query; matches: Map<Document, Match> }>()
  return ({ query: text, candidates }: Impression) => {
    const known = queries.get(text) ?? { query: queryOf(text, vocabulary), matches: new Map<Document, Match>() }
    queries.set(text, known)
    const documents = candidates.map(documentOf)
    const matches = documents.map((document) => {
      const match = known.matches.get(document) ?? matchOf(known.query, document, vocabulary)
      known.matches.set(document, match)
      return match
    })
    const scores = matches.map(({ bm25_title }) => bm25_title)
    const company = companyOf(candidates, documents, { scores, weight: known.query.weight }, vocabulary)
    return (name: FeatureName, index: number): number | undefined =>
      matches[index]?.[name as keyof Match] ?? company[index]?.[name as keyof (typeof company)[number]]
  }
}

function listingFeature(name: FeatureName, { price, rating, ratings, sold }: Candidate): number {
  switch (name) {
    case 'price':
      return price === null ? Number.NaN : Math.log(price)
    case 'rating':
      return rating ?? Number.NaN
    case 'ratings':
      return Math.log1p(ratings)
    case 'sold':
      return sold === null ? Number.NaN : Math.log1p(sold)
    case 'popularity':
      return Math.log1p(sold ?? ratings)
    default:
      throw new RangeError(`feature ${name} is not one of a listing`)
  }
}
