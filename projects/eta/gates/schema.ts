import type { GateResult, SnapshotManifest } from '../../../contracts/types.js'
import { defectOf } from '../flights/check.js'
import type { Flight } from '../flights/flight.js'

/** The rows that were learned from are those of the manifest, all in range, and few of the source's were left out. */
export function schemaGate(
  snapshot: SnapshotManifest,
  flights: readonly Flight[],
  thresholds: Readonly<Record<string, number>>,
): GateResult {
  const threshold = thresholds.maxRejectedShare ?? 0.01
  const cutoff = Date.parse(snapshot.cutoff)
  const unusable = snapshot.rejected.filter(({ reason }) => !reason.startsWith('origin not among'))
  const rejected = unusable.reduce((sum, { rows }) => sum + rows, 0)
  const value = rejected / Math.max(1, rejected + snapshot.rows)
  const defects = flights.filter((flight) => defectOf(flight) !== undefined).length
  const late = flights.filter(({ scheduled, arrived }) => scheduled >= cutoff || (arrived ?? 0) >= cutoff).length
  const problems = [
    ...(flights.length === snapshot.rows ? [] : [`${flights.length} rows, the manifest says ${snapshot.rows}`]),
    ...(defects === 0 ? [] : [`${defects} rows out of range`]),
    ...(late === 0 ? [] : [`${late} rows know something from after the cutoff`]),
    ...(value <= threshold ? [] : [`${rejected} rows of the source could not be used`]),
  ]
  const counted = unusable.map(({ reason, rows }) => `${rows} ${reason}`).join(', ') || 'none'
  const detail = problems.join('; ') || `${snapshot.rows} rows in range up to the cutoff; left out: ${counted}`
  return { name: 'schema_valid', passed: problems.length === 0, value, threshold, detail }
}
