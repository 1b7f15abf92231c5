/** What both kinds of file become: one history, and how many rows were left out, with their reasons. */
import type { SnapshotManifest } from '../../../contracts/types.js'
import type { History } from './history.js'

export interface Counted {
  /** All days of the file. */
  readonly history: History
  /** Rows dated before the cutoff only: later ones are not known yet. */
  readonly rejected: SnapshotManifest['rejected']
}
