/** Where rows and traffic come from: a generated shop, or a folder of judged queries. */
import type { SnapshotManifest } from '../../../contracts/types.js'
import type { ReplayEvent } from '../../project.js'
import type { Impression, Listing } from '../listing.js'
import type { Page } from './page.js'

export interface Shop {
  readonly source: SnapshotManifest['source']
  readonly listings: ReadonlyMap<string, Listing>
  /** Rows of the source that could not be used, by reason. */
  readonly rejected: SnapshotManifest['rejected']
  /** Pages in [from, cutoff) with what was known at the cutoff, in order of time. */
  pages(from: number, cutoff: number): Page[]
  /** Traffic in [from, to), in order of time. */
  traffic(from: number, to: number): Iterable<ReplayEvent<Impression>>
}
