import type { GateResult, SnapshotManifest } from '../../../contracts/types.js'
import { leftOutList } from '../../kit/left-out.js'
import type { PhotoRow } from '../photos/photo.js'
import { isFault } from '../photos/rejections.js'
import type { VisionThresholds } from '../policy.js'

/** The gate `schema_valid`: photos match the manifest and were known at the cutoff, and only few were rejected. */
export function schemaGate(
  snapshot: SnapshotManifest,
  rows: readonly PhotoRow[],
  { maxRejectedShare: threshold }: Pick<VisionThresholds, 'maxRejectedShare'>,
): GateResult {
  const cutoff = Date.parse(snapshot.cutoff)
  const faults = snapshot.rejected.filter(isFault)
  const rejected = faults.reduce((sum, item) => sum + item.rows, 0)
  const value = rejected / Math.max(1, rejected + snapshot.rows)
  const later = rows.filter(({ takenAt, review }) => takenAt >= cutoff || (review?.knownAt ?? 0) >= cutoff).length
  const twice = rows.length - new Set(rows.map(({ file }) => file)).size
  const problems = [
    ...(rows.length === snapshot.rows ? [] : [`${rows.length} photos, the manifest says ${snapshot.rows}`]),
    ...(later === 0 ? [] : [`${later} photos hold facts from after the cutoff`]),
    ...(twice === 0 ? [] : [`${twice} photos are listed twice`]),
    ...(value <= threshold ? [] : [`${rejected} photos of the source could not be used: ${leftOutList(faults)}`]),
  ]
  const counted = snapshot.rejected.map((item) => `${item.rows} ${item.reason}`).join('; ') || 'none'
  const detail = problems.join('; ') || `${snapshot.rows} photos known as of the cutoff; rejected: ${counted}`
  return { name: 'schema_valid', passed: problems.length === 0, value, threshold, detail }
}
