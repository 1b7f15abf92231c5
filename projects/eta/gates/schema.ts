import type { GateResult, SnapshotManifest } from '../../../contracts/types.js'
import { leftOutList } from '../../kit/left-out.js'
import { defectOf } from '../flights/check-flights.js'
import type { Flight } from '../flights/flight.js'
import type { EtaThresholds } from '../policy.js'

/**
 * The gate `schema_valid`: the rows are those of the manifest and in range, and only a few source rows were rejected.
 */
export function schemaGate(
  snapshot: SnapshotManifest,
  flights: readonly Flight[],
  { maxRejectedShare: threshold }: Pick<EtaThresholds, 'maxRejectedShare'>,
): GateResult {
  const cutoff = Date.parse(snapshot.cutoff)
  const unusable = snapshot.rejected.filter(({ reason }) => !reason.startsWith('origin not among'))
  const rejected = unusable.reduce((sum, { rows }) => sum + rows, 0)
  const value = rejected / Math.max(1, rejected + snapshot.rows)
  const defects = flights.filter((flight) => defectOf(flight) !== undefined).length
  const late = flights.filter(({ scheduled, arrived }) => scheduled >= cutoff || (arrived ?? 0) >= cutoff).length
  const problems = [
    ...(flights.length === snapshot.rows ? [] : [`${flights.length} rows, the manifest says ${snapshot.rows}`]),
    ...(defects === 0 ? [] : [`${defects} rows out of range`]),
    ...(late === 0 ? [] : [`${late} rows hold facts from after the cutoff`]),
    ...(value <= threshold ? [] : [`${rejected} rows of the source could not be used: ${leftOutList(unusable)}`]),
  ]
  const counted = unusable.map(({ reason, rows }) => `${rows} ${reason}`).join(', ') || 'none'
  const detail = problems.join('; ') || `${snapshot.rows} rows in range up to the cutoff; rejected: ${counted}`
  return { name: 'schema_valid', passed: problems.length === 0, value, threshold, detail }
}
