import type { PromotionPolicy, SegmentSums } from '../../contracts/types.js'
import { segmentSumsOf } from '../../judge/index.js'
import type { EntityQuery, Registry } from '../../registry/index.js'

/**
 * What the evidence of a look holds about segments: each of the policy, also one without a decision, and `unknown`
 * where there are such decisions.
 * @returns undefined for a policy without segments
 */
export async function measureSegments(
  registry: Pick<Registry, 'evidence'>,
  { segments, judge: { lossBound } }: PromotionPolicy,
  query: EntityQuery,
): Promise<SegmentSums[] | undefined> {
  if (!segments || segments.of.length === 0) return undefined
  const names = segments.of.map(({ name }) => name)
  const found = await registry.evidence.segmentDays({ ...query, names })
  const seen = new Set(found.map(({ name }) => name))
  const none = names.filter((name) => !seen.has(name)).map((name) => ({ name, cohorts: [], byEntity: 0 }))
  return [...found, ...none]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((days) => segmentSumsOf(days, query, lossBound))
}
