import type { MonitorWindow } from '../project.js'
import { type Impression, isEligible } from './listing.js'
import { listingsIn } from './model/slate.js'

/**
 * `impressions`: how many there were. `eligible_candidates`: how many listings a query could be answered with, on average.
 * `unrated_share`: candidates whose stars did not arrive. `blocked_exposures`: impressions that showed a listing that must not be
 * shown. All but the first are absent in a window without impressions.
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
    unrated_share: candidates.filter(({ rating }) => rating === null).length / Math.max(1, candidates.length),
    blocked_exposures: exposed.length,
  }
}
