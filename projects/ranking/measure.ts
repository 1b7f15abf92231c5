import type { MonitorWindow } from '../project.js'
import { type Impression, isEligible } from './listing.js'
import { listingsIn } from './model/slate.js'

/**
 * `impressions`: their number. `eligible_candidates`: mean number of listings that may be shown for a query.
 * `unrated_share`: share of candidates that have ratings but no stars: the feed lost them. A shop without stars has no
 * ratings either, and is no fault. `blocked_exposures`: impressions that showed a blocked listing. All but the first
 * are absent in a window without impressions.
 */
export function measure({ decisions }: MonitorWindow<Impression>): Record<string, number> {
  const impressions = decisions.length
  if (impressions === 0) return { impressions }
  const candidates = decisions.flatMap(({ input }) => input.candidates)
  const exposed = decisions.filter(({ action, input }) => {
    const blocked = new Set(input.candidates.filter((candidate) => candidate.blocked).map(({ id }) => id))
    return listingsIn(action).some((id) => blocked.has(id))
  })
  return {
    impressions,
    eligible_candidates: candidates.filter(isEligible).length / impressions,
    unrated_share:
      candidates.filter(({ rating, ratings }) => rating === null && ratings > 0).length /
      Math.max(1, candidates.length),
    blocked_exposures: exposed.length,
  }
}
