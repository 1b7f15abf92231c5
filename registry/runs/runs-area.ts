import type { EntryKind } from '../../contracts/ledger/index.js'
import type { ReleaseInput } from '../../contracts/types.js'
import type { ReleaseRunRecord, ReleaseRunSummary } from '../releases/releases-area.js'

/** Which runs, and how many. */
export interface RunsPage {
  /** Only runs without a verdict. */
  readonly open?: boolean
  /** At most so many: the newest. */
  readonly limit?: number
  /** Only runs that started before this one: its workflow id. */
  readonly before?: string
  /** Only runs with a verdict and an entry at or after this instant (ISO). */
  readonly endedSince?: string
  /** Only runs with these workflow ids. */
  readonly workflowIds?: readonly string[]
}

/** Which entries of a run are read. */
export interface RunPart {
  readonly kinds?: readonly EntryKind[]
  /** Only entries after this place in the ledger. */
  readonly after?: number
  /** Of breaches and of refused actions, which have no bound, at most so many of each: the newest. */
  readonly newest?: number
}

/** A run without a verdict, and what a person may have to do about it. */
export interface OpenRun extends ReleaseRunSummary {
  /** ISO, of its newest entry. */
  readonly newestAt: string
  readonly input: ReleaseInput
  /** The approval it waits for. */
  readonly asked: { readonly reason: string; readonly at: string } | null
  /** The newest pause that no operator ended, by an operator or a look. */
  readonly paused: { readonly why: string; readonly at: string } | null
}

/** Release runs: a row each, kept by the database with every entry of the ledger. */
export interface RunsArea {
  /** Oldest first. */
  list(project?: string, page?: RunsPage): Promise<ReleaseRunSummary[]>
  /** Runs without a verdict, oldest first. */
  open(project?: string): Promise<OpenRun[]>
  /**
   * By the id of a run, or by a release id: then the newest run of the release.
   * @param part absent: all of its entries, which a long canary makes many and large
   * @throws SlipwayError BadRequest when no run has this workflow or release id
   */
  get(workflowIdOrReleaseId: string, part?: RunPart): Promise<ReleaseRunRecord>
}
