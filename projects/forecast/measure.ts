import type { MonitorWindow } from '../project.js'
import type { DemandInput } from './features/demand-input.js'

/**
 * `counts_age_days`: days between the newest delivered count and the last day that should be known; one or two after
 * the shop's closed days. `alert_flood_share`: share of the forecasts with a replenish alert. Buyers can answer only a
 * limited number.
 */
export function measure({ decisions }: MonitorWindow<DemandInput>): Record<string, number> {
  if (decisions.length === 0) return {}
  const age = ({ recent }: DemandInput) => recent.length - 1 - recent.findLastIndex((count) => count !== null)
  const alerts = decisions.filter(({ action }) => action === 'replenish').length
  // One series may be new or discontinued. When the feed stops, the counts of all series are old.
  const newest = Math.min(...decisions.map(({ input }) => age(input)))
  return { counts_age_days: newest, alert_flood_share: alerts / decisions.length }
}
