import type { MonitorWindow } from '../project.js'
import type { DemandInput } from './features/input.js'

/**
 * `counts_age_days`: days that the newest delivered count lies behind the last day that should be known; the shop's closed days
 * make it one or two. `alert_flood_share`: share of the forecasts that called for a buyer, who can answer only so many.
 */
export function measure({ decisions }: MonitorWindow<DemandInput>): Record<string, number> {
  if (decisions.length === 0) return {}
  const age = ({ recent }: DemandInput) => recent.length - 1 - recent.findLastIndex((count) => count !== null)
  const alerts = decisions.filter(({ action }) => action === 'replenish').length
  // A single series may be new or gone; when the feed stands still, all of them do.
  const newest = Math.min(...decisions.map(({ input }) => age(input)))
  return { counts_age_days: newest, alert_flood_share: alerts / decisions.length }
}
