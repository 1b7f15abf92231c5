import type { MonitorWindow } from '../project.js'
import type { ScheduledFlight } from './flights/flight.js'

const HOUR_MS = 3_600_000

/**
 * `scan_freshness_hours`: age of the newest flight's schedule at the window's end. `stale_warning_share`: share of the
 * warnings given after the scheduled departure, which come too late to act on; absent in a window without warnings.
 */
export function measure({ decisions, to }: MonitorWindow<ScheduledFlight>): Record<string, number> {
  const newest = decisions.reduce((latest, { input }) => Math.max(latest, input.scheduled), Number.NEGATIVE_INFINITY)
  const warnings = decisions.filter(({ action }) => action === 'warn')
  const stale = warnings.filter(({ at, input }) => at > input.scheduled)
  return {
    ...(decisions.length === 0 ? {} : { scan_freshness_hours: Math.max(0, to - newest) / HOUR_MS }),
    ...(warnings.length === 0 ? {} : { stale_warning_share: stale.length / warnings.length }),
  }
}
