import type { ExposurePhase } from '../../contracts/exposure.js'
import type { SlipwayError } from '../../contracts/failure.js'
import type { EntryKind, LedgerEntry, NewEntry } from '../../contracts/ledger/index.js'
import type { Arm } from '../../contracts/names.js'
import type { LedgerHead } from '../../contracts/schemas/heads.js'

export interface Problem {
  readonly project: string
  readonly seq: number
  readonly what: string
}

export interface Verification {
  readonly entries: number
  readonly artifacts: number
  /** Closed days of decisions and outcomes whose rows were checked. */
  readonly days: number
  readonly problems: readonly Problem[]
  /** Dropped by policy, as the ledger records: neither a problem nor checked. */
  readonly dropped: readonly Problem[]
  /**
   * Digests of version 1 that this server cannot compute, of days that version 2 covers: neither a problem nor checked.
   */
  readonly covered: readonly Problem[]
  /** The newest objects of heads in the artifact store, at most 31, with which every ledger was compared. */
  readonly heads: {
    readonly objects: number
    /** Name of the oldest of them. */
    readonly oldest: string | null
    /** Why there are none: the store could not be read. Null when it could. */
    readonly unread: string | null
  }
}

/** The ledger compared with a record of it that was kept elsewhere. */
export interface Comparison {
  /** The record is an export, so that the first entry that differs is known; otherwise it holds single entries. */
  readonly whole: boolean
  /** Entries compared. */
  readonly compared: number
  readonly projects: readonly string[]
  /** At most one a project: its first difference. */
  readonly differences: readonly Problem[]
}

/** An export of the ledger as of one instant. */
export interface LedgerExport {
  readonly entries: number
  /** The newest entry of each project. Keep its hash elsewhere: it reveals a ledger that was rewritten. */
  readonly heads: readonly { readonly project: string; readonly seq: number; readonly hash: string }[]
}

export interface EntryFilter<Kind extends EntryKind> {
  readonly kind?: Kind | readonly Kind[]
  readonly subject?: string
  /** Only entries with one of these keys. */
  readonly keys?: readonly string[]
  /**
   * Only entries at or after this instant (ISO). Reads back to the newest older one, so the cost is that of the time
   * since then: of all entries of the project, or with one kind and a subject, or the kind `condition` or `release`, of
   * those alone.
   */
  readonly since?: string
  /** Only entries after this place in the ledger. */
  readonly after?: number
  /** Only so many: the newest. */
  readonly newest?: number
}

/** The append-only, hash-chained record of a project. */
export interface LedgerArea {
  /**
   * The same key with the same content returns the existing entry.
   * @throws SlipwayError BadRequest when the key exists with other content
   */
  append<Kind extends EntryKind>(entry: NewEntry<Kind>): Promise<LedgerEntry<Kind>>
  /**
   * Several of one project, in one transaction, in this order.
   * @returns for each the error that `append` would throw for it alone, or null
   */
  appendEach(project: string, entries: readonly NewEntry[]): Promise<(SlipwayError | null)[]>
  entries<Kind extends EntryKind = EntryKind>(project: string, filter?: EntryFilter<Kind>): Promise<LedgerEntry<Kind>[]>
  /** The `judgement` entry of the latest look of a phase; of two looks at one instant the one recorded last. */
  newestLook(run: {
    project: string
    workflowId: string
    phase: ExposurePhase
    /** Epoch ms of event time: only looks up to then. */
    until?: number
  }): Promise<LedgerEntry<'judgement'> | null>
  /** The breach of a signal and arm with the latest instant. By index: other breaches of the run are not read. */
  newestBreach(run: {
    project: string
    workflowId: string
    signal: string
    arm: Arm
  }): Promise<LedgerEntry<'breach'> | null>
  /** Operator actions that only the ledger has (`pending: kept`), of runs without a verdict and without an answer. */
  keptActions(projects: readonly string[]): Promise<LedgerEntry<'operator_action'>[]>
  /** Operator actions with these keys, in no particular order. */
  actionsWithKeys(project: string, keys: readonly string[]): Promise<LedgerEntry<'operator_action'>[]>
  /** Place of the entry with this key in the project's ledger; null when there is none. */
  placeOf(project: string, key: string): Promise<number | null>
  /** The instant that an entry appended now would have (ISO). */
  time(): Promise<string>
  /** Whether any look has a key that begins with this text. */
  hasLook(project: string, beginning: string): Promise<boolean>
  /** Whether data with this digest were added for the project. By index: it reads only their entries. */
  hasSource(project: string, digest: string): Promise<boolean>

  verify(): Promise<Verification>
  /**
   * @param lines of an export, of an object of heads, or of a notice @param name of the record, for messages
   * @throws SlipwayError BadRequest when the record is not what was once written
   */
  compare(lines: AsyncIterable<string>, name: string): Promise<Comparison>
  /** The newest entry of each project, in order of their names. */
  heads(): Promise<LedgerHead[]>
  /**
   * Writes the heads to the artifact store as `heads/<UTC day>.json`, once a day; never replaces one.
   * @returns the name of today's object; null while no ledger has an entry
   */
  recordHeads(): Promise<{ readonly name: string | null; readonly written: boolean }>
  /** Writes every entry of one project, or of all in the order of their names, as a line of JSON (docs/export.md). */
  export(write: (line: string) => Promise<void>, project?: string): Promise<LedgerExport>
}
