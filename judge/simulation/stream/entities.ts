import type { Random } from '../random.js'
import type { World, WorldSegment } from './world.js'

/** The entities of one run: which arm each is in at a weight, and how much riskier than the mean its decisions are. */
export interface Population {
  /** An entity for the next decision. */
  draw(): number
  inCanary(entity: number, weight: number): boolean
  risk(entity: number): number
  /** Index of the segment of a decision of this entity; −1 for none. */
  segment(entity: number): number
  /** Number of entities; 0 if none returns. */
  readonly size: number
}

const RISKY_SHARE = 0.2
const DAYS = 30

export function population({ traffic, rate, entities, segments = [] }: World, random: Random): Population {
  if (!entities) return strangers(random, segments)
  const { visits, icc, unequal = 0 } = entities
  const size = Math.max(2, Math.round((traffic * DAYS) / visits))
  const mean = rate(0)
  // Two classes whose variance is the part `icc` of that of a decision.
  const apart = Math.sqrt((icc * mean * (1 - mean)) / (RISKY_SHARE * (1 - RISKY_SHARE))) / mean
  const risks = Float64Array.from({ length: size }, () =>
    random() < RISKY_SHARE ? 1 + (1 - RISKY_SHARE) * apart : Math.max(0, 1 - RISKY_SHARE * apart),
  )
  const buckets = Float64Array.from({ length: size }, () => random() * 10_000)
  const cumulative = new Float64Array(size)
  const places = segments.length > 0 ? Int8Array.from({ length: size }, () => place(segments, random())) : null
  let total = 0
  for (let rank = 0; rank < size; rank += 1) {
    total += (rank + 1) ** -unequal
    cumulative[rank] = total
  }
  return {
    size,
    draw: () => (unequal === 0 ? Math.floor(random() * size) : search(cumulative, random() * total)),
    inCanary: (entity, weight) => (buckets[entity] ?? 0) < weight,
    risk: (entity) => risks[entity] ?? 1,
    segment: (entity) => places?.[entity] ?? -1,
  }
}

/** Every decision is of an entity of its own. */
const strangers = (random: Random, segments: readonly WorldSegment[]): Population => ({
  size: 0,
  draw: () => -1,
  inCanary: (_entity, weight) => random() * 10_000 < weight,
  risk: () => 1,
  segment: () => (segments.length > 0 ? place(segments, random()) : -1),
})

function place(segments: readonly WorldSegment[], at: number): number {
  let end = 0
  return segments.findIndex(({ share }) => {
    end += share
    return at < end
  })
}

/** The first index whose value is above `at`. */
function search(cumulative: Float64Array, at: number): number {
  let [low, high] = [0, cumulative.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((cumulative[middle] ?? 0) > at) high = middle
    else low = middle + 1
  }
  return low
}
