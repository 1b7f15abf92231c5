/**
 * How rare each word is in a catalogue. It is fitted with a model and stored in its artifact: scoring needs no
 * catalogue.
 */
import type { Listing } from '../listing.js'
import { documentOf } from './document.js'

export interface Field {
  /** Mean length in words. */
  readonly length: number
  /** In how many listings a word occurs. Words of a single listing are left out. */
  readonly counts: Readonly<Record<string, number>>
}

export interface Vocabulary {
  readonly listings: number
  readonly title: Field
  readonly text: Field
}

export function fitVocabulary(listings: readonly Listing[]): Vocabulary {
  const documents = listings.map(documentOf)
  const field = (wordsIn: (index: number) => Iterable<string>, lengthOf: (index: number) => number): Field => {
    const counts = new Map<string, number>()
    let length = 0
    documents.forEach((_, index) => {
      length += lengthOf(index)
      for (const word of wordsIn(index)) counts.set(word, (counts.get(word) ?? 0) + 1)
    })
    const frequent = [...counts].filter(([, count]) => count > 1)
    return { length: length / Math.max(1, documents.length), counts: Object.fromEntries(frequent) }
  }
  return {
    listings: listings.length,
    title: field(
      (index) => documents[index]?.inTitle ?? [],
      (index) => documents[index]?.title.length ?? 0,
    ),
    text: field(
      (index) => documents[index]?.text.keys() ?? [],
      (index) => documents[index]?.textLength ?? 0,
    ),
  }
}

/** Inverse document frequency as in Lucene: ln(1 + (N − n + ½) / (n + ½)), never negative. */
export function rarity({ listings }: Vocabulary, { counts }: Field, word: string): number {
  const n = Object.hasOwn(counts, word) ? (counts[word] as number) : 1
  return Math.log(1 + (listings - n + 0.5) / (n + 0.5))
}

/** BM25 of one word (Robertson and Walker) with k₁ = 1.2, b = 0.75. */
export function bm25(rarity: number, times: number, length: number, meanLength: number): number {
  return times === 0 ? 0 : (rarity * times * 2.2) / (times + 1.2 * (0.25 + (0.75 * length) / meanLength))
}
