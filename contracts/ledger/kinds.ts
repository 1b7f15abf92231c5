/** The kinds of ledger entries. The names are stored and never change. */
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
