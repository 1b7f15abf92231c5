import { durationMs, spanInWords } from '../../contracts/duration.js'
import type { ConditionPolicy } from '../../contracts/types.js'
import type { Registry } from '../../registry/index.js'
import { iso, type Measured } from './condition-measured.js'

type Freshness = Extract<ConditionPolicy, { condition: 'freshness' }>

/**
 * Age of production's snapshot by its cutoff, not by its newest row. If a feed has stopped, training on the same rows
 * again would fix nothing, while the cutoff moves with each release that is promoted.
 */
export async function measureFreshness(
  registry: Registry,
  production: string,
  { olderThan }: Freshness,
  at: number,
): Promise<Measured> {
  const { manifest } = await registry.releases.get(production)
  const { cutoff, days } = await registry.releases.snapshot(manifest.snapshot)
  const age = at - Date.parse(cutoff)
  const [ageHours, boundHours, newestRowHours] = [
    age,
    durationMs(olderThan),
    Math.max(0, at - Date.parse(days.last)),
  ].map((ms) => ms / 3_600_000) as [number, number, number]
  return {
    holds: ageHours > boundHours ? 'yes' : 'no',
    says: `production ${production} knows data as of ${cutoff}, ${spanInWords(Math.max(0, age))} ago; the bound is ${olderThan}`,
    numbers: { ageHours, boundHours, newestRowHours },
    window: { from: iso(Math.min(at, Date.parse(cutoff))), to: iso(at) },
  }
}
