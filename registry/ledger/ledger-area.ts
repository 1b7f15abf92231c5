import type { ExposurePhase } from '../../contracts/exposure.js'
import type { EntryKind, LedgerEntry, NewEntry } from '../../contracts/ledger/index.js'

export interface Problem {
  readonly project: string
  readonly seq: number
  readonly what: string
}

export interface Verification {
  readonly entries: number
  readonly artifacts: number
  /** Closed days of decisions and outcomes whose rows were counted and digested again. */
  readonly days: number
  readonly problems: readonly Problem[]
  /** What is not there by policy, as the ledger says: neither a fault nor checked. */
  readonly dropped: readonly Problem[]
}

/** The ledger as it was at one instant. */
export interface LedgerExport {
  readonly entries: number
  /** Of each project the newest entry: kept elsewhere, its hash shows a ledger that was rewritten. */
  readonly heads: readonly { readonly project: string; readonly seq: number; readonly hash: string }[]
}

/** The append-only, hash-chained record of a project. */
export interface LedgerArea {
  /**
   * The same key with the same content again returns the entry there is.
   * @throws SlipwayError BadRequest for a key that is taken by other content
   */
  append<Kind extends EntryKind>(entry: NewEntry<Kind>): Promise<LedgerEntry<Kind>>
  entries<Kind extends EntryKind = EntryKind>(
    project: string,
    filter?: { kind?: Kind | readonly Kind[]; subject?: string },
  ): Promise<LedgerEntry<Kind>[]>
  /** The `judgement` entry of a phase whose look is the latest one; of two looks at one instant the one recorded last. */
  newestLook(run: {
    project: string
    workflowId: string
    phase: ExposurePhase
    /** Epoch ms of event time: of looks up to then. */
    until?: number
  }): Promise<LedgerEntry<'judgement'> | null>
  /** Whether any entry's key begins like this. */
  hasKey(project: string, beginning: string): Promise<boolean>

  verify(): Promise<Verification>
  /** Writes every entry as a line of JSON (docs/export.md): of one project, or of all in order of their names. */
  export(write: (line: string) => Promise<void>, project?: string): Promise<LedgerExport>
}
