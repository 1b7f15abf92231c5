/** The shop's days as traffic. A label has the gain that each listing would have brought, whichever slate is shown. */
import { DAY_MS } from '../../../contracts/duration.js'
import type { ReplayEvent } from '../../project.js'
import type { Impression } from '../listing.js'
import { type Happening, happeningsOf } from './shop-day.js'
import { FIRST_DAY, type World } from './shop-world.js'
import { FORBIDDEN, GAINS } from './shopper-truth.js'

export function* trafficBetween(world: World, from: number, to: number): Generator<ReplayEvent<Impression>> {
  for (let day = Math.max(FIRST_DAY, Math.floor(from / DAY_MS)); day * DAY_MS < to; day += 1) {
    for (const happening of happeningsOf(world, day)) {
      if (happening.at >= from && happening.at < to) yield eventOf(happening)
    }
  }
}

function eventOf({ id, at, shopper, wish, items }: Happening): ReplayEvent<Impression> {
  const gains = items.map(({ candidate: { id: listing, blocked, inStock }, would }): [string, number] => [
    listing,
    blocked ? FORBIDDEN : inStock ? GAINS[would.outcome] : 0,
  ])
  return {
    id,
    entityKey: shopper,
    at,
    input: { query: wish.text, candidates: items.map(({ candidate }) => candidate) },
    label: Object.fromEntries(gains.filter(([, gain]) => gain !== 0)),
    knownAt: Math.max(...items.map(({ would }) => would.knownAt)),
  }
}
