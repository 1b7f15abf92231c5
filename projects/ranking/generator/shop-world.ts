/** A generated shop by seed and situation. The same description always gives the same shop. */
import { DAY_MS } from '../../../contracts/duration.js'
import { catalogueOf, type TrueListing } from './catalogue.js'
import { type Wish, wishesOf } from './queries.js'
import type { Situation } from './situations.js'

export interface World {
  readonly seed: number
  readonly situation: Situation
  /** Results pages a day. */
  readonly perDay: number
  readonly catalogue: readonly TrueListing[]
  readonly wishes: readonly Wish[]
  /** @param chance uniform in [0, 1) */
  wishAt(chance: number): Wish
}

export const DEFAULT_SEED = 20_250_106
export const DEFAULT_PER_DAY = 600
/** The shop opened on 6 January 2025. */
export const FIRST_DAY = Date.parse('2025-01-06T00:00:00Z') / DAY_MS

/** Cache of a few worlds. Replay asks for one day after the other. */
const kept = new Map<number, Pick<World, 'catalogue' | 'wishes'>>()

export function openWorld({ seed, situation, perDay }: Pick<World, 'seed' | 'situation' | 'perDay'>): World {
  const { catalogue, wishes } = kept.get(seed) ?? build(seed)
  const sums: number[] = []
  for (const { share } of wishes) sums.push((sums.at(-1) ?? 0) + share)
  const wishAt = (chance: number): Wish => {
    const index = sums.findIndex((sum) => chance < sum)
    return wishes[index < 0 ? wishes.length - 1 : index] as Wish
  }
  return { seed, situation, perDay, catalogue, wishes, wishAt }
}

function build(seed: number) {
  const catalogue = catalogueOf(seed)
  const built = { catalogue, wishes: wishesOf(seed, catalogue) }
  if (kept.size >= 4) kept.clear()
  kept.set(seed, built)
  return built
}
