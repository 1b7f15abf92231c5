/** Every feature of this project, and when its value becomes known. The leakage gate reads this table. */
import type { FeatureDefinition } from '../../kit/feature-table.js'

/** A slate is decided when the query arrives, so only the first two may be used. */
export type KnownAt = 'query' | 'night_before' | 'click' | 'return_window'
export const MAY_BE_USED: readonly KnownAt[] = ['query', 'night_before']

interface RankingFeature extends FeatureDefinition<KnownAt> {
  readonly what: string
}

const query = (what: string): RankingFeature => ({ known: 'query', what })

export const FEATURES = {
  bm25_title: query('BM25 of the query on the title'),
  bm25_text: query('BM25 of the query on selling points and description'),
  title_cover: query('share of the query’s words in the title, rare words count more'),
  any_cover: query('the same over title, brand, colour, category and text'),
  title_all: query('1 when the title has every word of the query'),
  title_bigrams: query('share of the query’s word pairs that stand side by side in the title'),
  trigram_cover: query('share of the query’s letter trigrams in the title: tolerates endings and misspellings'),
  missing_weight: query('rarity of the rarest word of the query that the listing has nowhere'),
  first_match: query('where in the title the first word of the query stands'),
  excluded: query('words after “without”, “not” or “no” that the title has nevertheless'),
  numbers: query('share of the query’s sizes and counts that the listing names'),
  brand_named: query('1 when the query names the listing’s brand'),
  category_cover: query('share of the query’s words in the category’s name'),
  agreement: query('likeness of the title to the titles that match the query best'),
  category_share: query('how much of the best-matching listings is of this category'),
  brand_share: query('how much of the best-matching listings is of this brand'),
  title_length: query('words in the title'),
  query_length: query('words in the query'),
  price: query('logarithm of the price'),
  rating: query('stars'),
  ratings: query('logarithm of how many rated it'),
  sold: query('logarithm of the units sold in the week before'),
  popularity: query('units sold in the week before, or the number of ratings where the shop has no sales'),
  view_rate_yesterday: {
    known: 'night_before',
    what: 'share of showings on the day before that were opened, by midnight',
  },
  kept_units: { known: 'return_window', what: 'units of this impression bought and kept' },
} as const satisfies Record<string, RankingFeature>

export type FeatureName = keyof typeof FEATURES

const V1 = (Object.keys(FEATURES) as FeatureName[]).filter(
  (name) => !['popularity', 'view_rate_yesterday', 'kept_units'].includes(name),
)

/** Feature versions. Each release names one, so old versions must stay computable. */
export const FEATURE_VERSIONS = {
  /** The baseline: what sells most comes first. */
  ranking_popularity_v1: ['popularity'],
  ranking_features_v1: V1,
  ranking_features_v2: [...V1, 'view_rate_yesterday'],
  /** A mistake on purpose: it reads the outcome. The leakage gate must find it. */
  ranking_features_leak: [...V1, 'kept_units'],
} as const satisfies Record<string, readonly FeatureName[]>

export type FeatureVersion = keyof typeof FEATURE_VERSIONS
