/** How well one listing's words match a query. */
import type { Document } from './document.js'
import type { Query } from './query.js'
import { bm25, type Vocabulary } from './vocabulary.js'

export type Match = ReturnType<typeof matchOf>

/** By feature name. A share is 1 if the query has nothing to match. */
export function matchOf(query: Query, document: Document, vocabulary: Vocabulary) {
  const { title, inTitle, text, textLength, brand, category, colour } = document
  let [bm25Title, bm25Text, inTitleWeight, anywhereWeight, missing, wholeTitle] = [0, 0, 0, 0, 0, 1]
  for (const { word, title: rare, text: rareInText } of query.terms) {
    const times = text.get(word) ?? 0
    bm25Text += bm25(rareInText, times, textLength, vocabulary.text.length)
    if (inTitle.has(word)) {
      const count = title.reduce((sum, other) => sum + (other === word ? 1 : 0), 0)
      bm25Title += bm25(rare, count, title.length, vocabulary.title.length)
      inTitleWeight += rare
    } else wholeTitle = 0
    if (inTitle.has(word) || times > 0 || brand.has(word) || colour.has(word) || category.has(word)) {
      anywhereWeight += rare
    } else missing = Math.max(missing, rare)
  }
  const share = (part: number, whole: number) => (whole === 0 ? 1 : part / whole)
  const named = (words: readonly string[], where: (word: string) => boolean) => words.filter(where).length
  const wanted = new Set(query.terms.map(({ word }) => word))
  const first = title.findIndex((word) => wanted.has(word))
  return {
    bm25_title: bm25Title,
    bm25_text: bm25Text,
    title_cover: share(inTitleWeight, query.weight),
    any_cover: share(anywhereWeight, query.weight),
    title_all: wholeTitle,
    title_bigrams: share(bigramsIn(query.words, title), query.words.length - 1),
    trigram_cover: share(sharedWith(query.trigrams, document.trigrams), query.trigrams.size),
    missing_weight: missing,
    first_match: first < 0 ? FAR : Math.min(FAR, first),
    excluded: named(query.excluded, (word) => inTitle.has(word)),
    numbers: share(
      named(query.numbers, (word) => inTitle.has(word) || text.has(word)),
      query.numbers.length,
    ),
    brand_named: query.terms.some(({ word }) => brand.has(word)) ? 1 : 0,
    category_cover: share(query.terms.filter(({ word }) => category.has(word)).length, query.terms.length),
    title_length: title.length,
    query_length: query.length,
  }
}

/** In words. Positions farther into the title count as this one. */
const FAR = 30

function bigramsIn(words: readonly string[], title: readonly string[]): number {
  let found = 0
  for (let at = 0; at + 1 < words.length; at += 1) {
    if (title.some((word, index) => word === words[at] && title[index + 1] === words[at + 1])) found += 1
  }
  return found
}

function sharedWith(these: ReadonlySet<string>, those: ReadonlySet<string>): number {
  let shared = 0
  for (const item of these) if (those.has(item)) shared += 1
  return shared
}
