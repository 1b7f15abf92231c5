/** Random streams by name: the same words give the same stream. Each parcel, photo and day has its own. */
import { seededRandom } from '../../kit/random.js'

export interface Chance {
  /** Uniform in [low, high). */
  between(low: number, high: number): number
  /** True with this probability. */
  hits(probability: number): boolean
  /** One of the items, by weight where weights are given. */
  pick<Item>(items: readonly Item[], weightOf?: (item: Item) => number): Item
}

export function chanceOf(...words: readonly (string | number)[]): Chance {
  const next = seededRandom(fnv1a(words.join('\u0000')))
  return {
    between: (low, high) => low + next() * (high - low),
    hits: (probability) => next() < probability,
    pick(items, weightOf = () => 1) {
      let left = next() * items.reduce((sum, item) => sum + weightOf(item), 0)
      const chosen = items.find((item) => {
        left -= weightOf(item)
        return left < 0
      })
      return (chosen ?? items.at(-1)) as (typeof items)[number]
    },
  }
}

/** The 32-bit hash of Fowler, Noll and Vo, mixed once more: similar words must not have similar streams. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b)
  return (hash ^ (hash >>> 13)) >>> 0
}
