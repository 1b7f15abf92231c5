/** A listing's texts as words. They are computed once and kept, since the same listings are scored again and again. */
import type { Listing } from '../listing.js'
import { wordsOf } from './words-of.js'

export interface Document {
  readonly title: readonly string[]
  readonly inTitle: ReadonlySet<string>
  readonly trigrams: ReadonlySet<string>
  /** Words of selling points and description, with how often each occurs. */
  readonly text: ReadonlyMap<string, number>
  readonly textLength: number
  readonly brand: ReadonlySet<string>
  readonly category: ReadonlySet<string>
  readonly colour: ReadonlySet<string>
}

type Texts = Pick<Listing, 'title' | 'brand' | 'category' | 'colour' | 'text'>

/** The cache is keyed by the texts themselves, so no entry can become outdated. It is emptied when it is full. */
const remembered = new Map<string, { of: Texts; document: Document }>()
const MOST = 20_000

export function documentOf(listing: Texts): Document {
  const known = remembered.get(listing.title)
  if (known && sameTexts(known.of, listing)) return known.document
  if (remembered.size >= MOST) remembered.clear()
  const { title, brand, category, colour, text } = listing
  const document = read(listing)
  remembered.set(title, { of: { title, brand, category, colour, text }, document })
  return document
}

const sameTexts = (a: Texts, b: Texts): boolean =>
  a.text === b.text && a.brand === b.brand && a.category === b.category && a.colour === b.colour

function read({ title, brand, category, colour, text }: Texts): Document {
  const titleWords = wordsOf(title)
  const textWords = wordsOf(text)
  const counts = new Map<string, number>()
  for (const word of textWords) counts.set(word, (counts.get(word) ?? 0) + 1)
  return {
    title: titleWords,
    inTitle: new Set(titleWords),
    trigrams: trigramsOf(titleWords),
    text: counts,
    textLength: textWords.length,
    brand: new Set(wordsOf(brand)),
    category: new Set(wordsOf(category)),
    colour: new Set(wordsOf(colour)),
  }
}

/** Letter triples of each word, with marks at both ends. */
export function trigramsOf(words: readonly string[]): Set<string> {
  const found = new Set<string>()
  for (const word of words) {
    const marked = `_${word}_`
    for (let at = 0; at + 3 <= marked.length; at += 1) found.add(marked.slice(at, at + 3))
  }
  return found
}
