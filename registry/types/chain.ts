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

export interface ChainEntry extends Required<NewEntry> {
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
  /** What is not there by policy, as the chain says: neither a fault nor checked. */
  readonly dropped: readonly Problem[]
}

/** The chain as it was at one instant. */
export interface ChainExport {
  readonly entries: number
  /** Of each project the newest entry: kept elsewhere, its hash shows a chain that was rewritten. */
  readonly heads: readonly { readonly project: string; readonly seq: number; readonly hash: string }[]
}
