import type { GateResult, SnapshotManifest } from '../../../contracts/types.js'
import { leftOutList } from '../../kit/left-out.js'
import { dayText, type History, openDays } from '../counts/history.js'
import { dayKnownBy } from '../features/horizon.js'
import type { ForecastThresholds } from '../policy.js'

/**
 * The gate `schema_valid`: counts match the manifest and end before the cutoff, and only few source lines were
 * rejected.
 */
export function schemaGate(
  snapshot: SnapshotManifest,
  history: History,
  { maxRejectedShare: threshold }: Pick<ForecastThresholds, 'maxRejectedShare'>,
): GateResult {
  const lines = history.series.reduce((sum, { counts }) => sum + counts.reduce((all, count) => all + count, 0), 0)
  // Rejected lines only: the manifest also lists counts of excluded series and closed days.
  const cleaned = snapshot.rejected.filter(({ reason }) => !/counts$|closed$/.test(reason))
  const rejected = cleaned.reduce((sum, { rows }) => sum + rows, 0)
  const value = rejected / Math.max(1, rejected + lines)
  const counted = history.series.reduce((sum, series) => sum + openDays(history, series), 0)
  const last = history.first + history.days - 1
  const negative = history.series.filter(({ counts }) => counts.some((count) => count < 0)).map(({ code }) => code)
  const problems = [
    ...(counted === snapshot.rows ? [] : [`${counted} counts, the manifest says ${snapshot.rows}`]),
    ...(negative.length === 0 ? [] : [`counts below zero for ${negative.slice(0, 3).join(', ')}`]),
    ...(last <= dayKnownBy(Date.parse(snapshot.cutoff))
      ? []
      : [`counts of ${dayText(last)}, which were not known at the cutoff`]),
    ...(value <= threshold ? [] : [`${rejected} lines of the source could not be used: ${leftOutList(cleaned)}`]),
  ]
  const listed = cleaned.map(({ reason, rows }) => `${rows} ${reason}`).join(', ') || 'none'
  const fine = `${snapshot.rows} counts of ${history.series.length} series in range up to the cutoff; rejected lines: ${listed}`
  return { name: 'schema_valid', passed: problems.length === 0, value, threshold, detail: problems.join('; ') || fine }
}
