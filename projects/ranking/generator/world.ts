/** A generated shop: a seed, a situation, and the day it opened. The same file or none gives the same shop for ever. */
import { DAY_MS } from '../../../contracts/duration.js'
import { catalogueOf, type TrueListing } from './catalogue.js'
import { type Wish, wishesOf } from './queries.js'
import type { Situation } from './situations.js'

export interface World {
  readonly seed: number
  readonly situation: Situation
  readonly catalogue: readonly TrueListing[]
  readonly wishes: readonly Wish[]
  /** @param chance uniform in [0, 1) */
  wishAt(chance: number): Wish
}

export const DEFAULT_SEED = 20_250_106
/** The shop opened on 6 January 2025. */
export const FIRST_DAY = Date.parse('2025-01-06T00:00:00Z') / DAY_MS

/** The newest worlds, kept: a replay asks for its world again each day. */
const kept = new Map<number, Pick<World, 'catalogue' | 'wishes'>>()

export function openWorld(seed: number, situation: Situation): World {
  const { catalogue, wishes } = kept.get(seed) ?? build(seed)
  const sums: number[] = []
  for (const { share } of wishes) sums.push((sums.at(-1) ?? 0) + share)
  const wishAt = (chance: number): Wish => {
    const index = sums.findIndex((sum) => chance < sum)
    return wishes[index < 0 ? wishes.length - 1 : index] as Wish
  }
  return { seed, situation, catalogue, wishes, wishAt }
}

function build(seed: number) {
  const catalogue = catalogueOf(seed)
  const built = { catalogue, wishes: wishesOf(seed, catalogue) }
  if (kept.size >= 4) kept.clear()
  kept.set(seed, built)
  return built
}
