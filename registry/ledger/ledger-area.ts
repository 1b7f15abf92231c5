import type { ExposurePhase } from '../../contracts/exposure.js'

export const ENTRY_KINDS = [
  'trigger',
  'snapshot',
  'training_run',
  'release',
  'evaluation',
  'decision_offline',
  'lane',
  'clock',
  'canary_step',
  'judgement',
  'alias_move',
  'operator_action',
  'breach',
  'approval',
  'verdict',
  'schedule',
  'condition',
  'label_correction',
  'day_closed',
  'dropped',
] as const
export type EntryKind = (typeof ENTRY_KINDS)[number]

export interface NewEntry {
  readonly project: string
  readonly kind: EntryKind
  /** The workflow id; a release's id for `release`, the alias for `alias_move`. */
  readonly subject: string
  /** The caller's idempotency key, unique in the project. */
  readonly key: string
  readonly body: object
  /** Now when absent. An instant before the project's newest entry is recorded as that entry's instant. */
  readonly at?: string
}

export interface LedgerEntry extends Required<NewEntry> {
  readonly seq: number
  readonly body: Readonly<Record<string, unknown>>
  /** Hash of the entry before; null for the first of a project. */
  readonly prev: string | null
  readonly hash: string
}

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
  append(entry: NewEntry): Promise<LedgerEntry>
  entries(
    project: string,
    filter?: { kind?: EntryKind | readonly EntryKind[]; subject?: string },
  ): Promise<LedgerEntry[]>
  /** The `judgement` entry of a phase whose look is the latest one; of two looks at one instant the one recorded last. */
  newestLook(run: {
    project: string
    workflowId: string
    phase: ExposurePhase
    /** Epoch ms of event time: of looks up to then. */
    until?: number
  }): Promise<LedgerEntry | null>
  /** Whether any entry's key begins like this. */
  hasKey(project: string, beginning: string): Promise<boolean>

  verify(): Promise<Verification>
  /** Writes every entry as a line of JSON (docs/export.md): of one project, or of all in order of their names. */
  export(write: (line: string) => Promise<void>, project?: string): Promise<LedgerExport>
}
