import type { GateResult, SnapshotManifest } from '../../../contracts/types.js'
import type { PhotoRow } from '../photos/photo.js'
import { isFault } from '../photos/rejections.js'

/** The photos that were learned from are those of the manifest, known as of the cutoff, and few of the source's were left out. */
export function schemaGate(
  snapshot: SnapshotManifest,
  rows: readonly PhotoRow[],
  thresholds: Readonly<Record<string, number>>,
): GateResult {
  const threshold = thresholds.maxRejectedShare ?? 0.05
  const cutoff = Date.parse(snapshot.cutoff)
  const rejected = snapshot.rejected.filter(isFault).reduce((sum, item) => sum + item.rows, 0)
  const value = rejected / Math.max(1, rejected + snapshot.rows)
  const later = rows.filter(({ takenAt, review }) => takenAt >= cutoff || (review?.knownAt ?? 0) >= cutoff).length
  const twice = rows.length - new Set(rows.map(({ file }) => file)).size
  const problems = [
    ...(rows.length === snapshot.rows ? [] : [`${rows.length} photos, the manifest says ${snapshot.rows}`]),
    ...(later === 0 ? [] : [`${later} photos know something from after the cutoff`]),
    ...(twice === 0 ? [] : [`${twice} photos are there twice`]),
    ...(value <= threshold ? [] : [`${rejected} photos of the source could not be used`]),
  ]
  const counted = snapshot.rejected.map((item) => `${item.rows} ${item.reason}`).join('; ') || 'none'
  const detail = problems.join('; ') || `${snapshot.rows} photos known as of the cutoff; left out: ${counted}`
  return { name: 'schema_valid', passed: problems.length === 0, value, threshold, detail }
}
