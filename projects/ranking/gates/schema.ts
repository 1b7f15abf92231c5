import type { GateResult, SnapshotManifest } from '../../../contracts/types.js'
import { leftOutList } from '../../kit/left-out.js'
import type { Page, Rows } from '../data/page.js'
import { type RankingThresholds, RETURN_WINDOW_MS } from '../policy.js'

/**
 * The gate `schema_valid`: pages match the manifest, are complete and in range, and only few source rows were rejected.
 */
export function schemaGate(
  snapshot: SnapshotManifest,
  { listings, pages }: Rows,
  { maxRejectedShare: threshold }: Pick<RankingThresholds, 'maxRejectedShare'>,
): GateResult {
  const cutoff = Date.parse(snapshot.cutoff)
  const rejected = snapshot.rejected.reduce((sum, { rows }) => sum + rows, 0)
  const value = rejected / Math.max(1, rejected + snapshot.rows + listings.size)
  const faults = new Map<string, number>()
  for (const page of pages) {
    const fault = faultOf(page, listings, cutoff)
    if (fault) faults.set(fault, (faults.get(fault) ?? 0) + 1)
  }
  const problems = [
    ...(pages.length === snapshot.rows ? [] : [`${pages.length} pages, the manifest says ${snapshot.rows}`]),
    ...[...faults].map(([fault, count]) => `${count} pages ${fault}`),
    ...(value <= threshold
      ? []
      : [`${rejected} rows of the source could not be used: ${leftOutList(snapshot.rejected)}`]),
  ]
  const counted = snapshot.rejected.map(({ reason, rows }) => `${rows} ${reason}`).join(', ') || 'none'
  const fine = `${pages.length} pages and ${listings.size} listings in range up to the cutoff; rejected: ${counted}`
  return {
    name: 'schema_valid',
    passed: problems.length === 0,
    value,
    threshold,
    detail: problems.join('; ') || fine,
  }
}

function faultOf({ at, order, items }: Page, listings: Rows['listings'], cutoff: number): string | undefined {
  if (at >= cutoff) return 'were seen after the cutoff'
  if (items.length === 0) return 'have no listings'
  if (new Set(items.map(({ listing }) => listing)).size < items.length) return 'have a listing twice'
  if (items.some(({ listing }) => !listings.has(listing))) return 'have a listing that the catalogue does not have'
  if (items.some(({ gain }) => gain !== null && !(gain >= 0 && gain <= 1))) return 'have a gain outside 0..1'
  const places = items.map(({ position }) => position).filter((position) => position !== null)
  if (new Set(places).size < places.length) return 'have two listings in one position'
  const open = order !== 'judged' && at + RETURN_WINDOW_MS >= cutoff
  return open && items.some(({ gain }) => gain !== null) ? 'hold returns from after the cutoff' : undefined
}
