/** A parsed query, with the rarity of its words. */
import { trigramsOf } from './document.js'
import { rarity, type Vocabulary } from './vocabulary.js'
import { wordsOf } from './words-of.js'

/** Words without a meaning of their own for products. */
const FILLERS = new Set(['a', 'and', 'by', 'de', 'for', 'in', 'of', 'on', 'or', 'the', 'to', 'with'])
const EXCLUDING = new Set(['without', 'not', 'no'])

export interface Query {
  /** As typed, up to a word such as “without”. */
  readonly words: readonly string[]
  /** Each word once, without fillers, with its rarity in titles and in texts. */
  readonly terms: readonly { readonly word: string; readonly title: number; readonly text: number }[]
  /** Sum of the terms' rarity in titles. */
  readonly weight: number
  /** Words after “without” and the like. */
  readonly excluded: readonly string[]
  readonly trigrams: ReadonlySet<string>
  readonly numbers: readonly string[]
  readonly length: number
}

export function queryOf(text: string, vocabulary: Vocabulary): Query {
  const all = wordsOf(text)
  const turn = all.findIndex((word) => EXCLUDING.has(word))
  // A query that begins with “no” or “not” is a name, such as “not your daughters jeans”.
  const words = turn > 0 ? all.slice(0, turn) : all
  const excluded = turn > 0 ? all.slice(turn + 1).filter((word) => !FILLERS.has(word) && !EXCLUDING.has(word)) : []
  const terms = [...new Set(words)]
    .filter((word) => !FILLERS.has(word))
    .map((word) => ({
      word,
      title: rarity(vocabulary, vocabulary.title, word),
      text: rarity(vocabulary, vocabulary.text, word),
    }))
  return {
    words,
    terms,
    weight: terms.reduce((sum, { title }) => sum + title, 0),
    excluded,
    trigrams: trigramsOf(terms.map(({ word }) => word)),
    numbers: terms.map(({ word }) => word).filter((word) => /\d/.test(word)),
    length: all.length,
  }
}
