/** Random draws of the generated shop. They depend only on the seed and what is drawn, not on the order of calls. */
import { seededRandom } from '../../kit/random.js'

export interface Draw {
  /** Uniform in [0, 1). */
  next(): number
  /** Standard normal, by the Box–Muller transform. */
  normal(): number
  /** One of a list. */
  pick<Item>(items: readonly Item[]): Item
  /** The first `count` of a random order. */
  some<Item>(items: readonly Item[], count: number): Item[]
}

/** @param words what the draws are for, e.g. the world's seed and a day */
export function drawFor(...words: readonly number[]): Draw {
  const next = seededRandom(words.reduce((mixed, word) => Math.imul(mixed ^ word, 0x9e3779b1) ^ (mixed >>> 15), 0x51ed))
  const draw: Draw = {
    next,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    pick: (items) => items[Math.floor(next() * items.length)] as (typeof items)[number],
    some(items, count) {
      const rest = [...items]
      return Array.from({ length: Math.min(count, rest.length) }, (_, taken) => {
        const at = taken + Math.floor(next() * (rest.length - taken))
        const found = rest[at] as (typeof items)[number]
        rest[at] = rest[taken] as (typeof items)[number]
        return found
      })
    },
  }
  return draw
}
