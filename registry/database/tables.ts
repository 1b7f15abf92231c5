import type { ColumnType, GeneratedAlways, RawBuilder } from 'kysely'
import type { Stage, VerdictName } from '../../contracts/names.js'

/** int8 arrives as text, because it may exceed a double. Sequence numbers do not exceed it. */
type Int8 = ColumnType<string, number, never>
type Timestamp = ColumnType<Date, string, never>

interface LedgerEntries {
  project: string
  seq: Int8
  kind: string
  subject: string
  key: string
  body: string
  at: Timestamp
  prev_hash: string | null
  hash: string
  workflow_id: GeneratedAlways<string>
}

interface LedgerHeads {
  project: string
  seq: Int8
  hash: string
}

interface Decisions {
  project: string
  decision_id: string
  workflow_id: string
  release_id: string
  arm: string
  source: string
  entity_hash: string
  event_at: Timestamp
  output: unknown
  action: string
  expected_loss: number | null
  input: unknown
  input_digest: string | null
  bucket: number | null
  weight: number | null
  stale: boolean
  /** Null where the run has no segments. */
  segments: string[] | null
  written_day: string
  written_at: GeneratedAlways<Date>
  written_xid: GeneratedAlways<string>
  /** The cluster whose ids the transaction id belongs to. */
  written_epoch: number
}

interface Outcomes {
  project: string
  decision_id: string
  version: number
  label: unknown
  loss: number
  observed_at: Timestamp
  written_day: string
  written_at: GeneratedAlways<Date>
  written_xid: GeneratedAlways<string>
  written_epoch: number
  /** The run of its decision; null in rows of earlier builds. */
  workflow_id: string | null
}

interface EarlyLabels {
  project: string
  decision_id: string
  label: unknown
  observed_at: Timestamp
  written_day: string
  written_at: GeneratedAlways<Date>
}

interface DecisionDays {
  project: string
  decision_id: string
  workflow_id: string
  written_day: string
}

interface RunDays {
  project: string
  workflow_id: string
  rows_of: string
  written_day: string
}

interface EvidenceEpochs {
  epoch: number
  system_identifier: string
  began_at: GeneratedAlways<Date>
  /** Labels written later carry the run of their decision; null when all do. */
  labels_without_run_until: string | null
}

interface Deliveries {
  receiver: string
  notice: string
  delivered_at: ColumnType<Date, RawBuilder<unknown>, never>
  /** Of a notice that the receiver will never accept: why, and the notice. */
  refused: ColumnType<unknown, string | null | undefined, never>
}

/** A row for each run, kept by a trigger of the ledger. */
export interface RunRows {
  project: string
  workflow_id: string
  started_at: Timestamp
  newest_seq: Int8
  newest_at: Timestamp
  /** Null for entries that name a run which was never started, such as those of `project init`. */
  trigger_seq: Int8 | null
  release_id: string | null
  stage: Stage
  ended: boolean
  verdict: VerdictName | null
  reason: string | null
  /** An abort was accepted. */
  aborted: boolean
  /** Its place in the queue for the canary lane. */
  lane_seq: Int8 | null
  canary_opened: boolean
  canary_closed: boolean
  asked_at: Timestamp | null
  asked_reason: string | null
  paused_at: Timestamp | null
  paused_why: string | null
}

interface NoticeCursors {
  receiver: string
  project: string
  seq: ColumnType<string, number, number>
}

interface HousekeepingCursors {
  step: string
  through: ColumnType<Date, string, string>
}

interface FinishedDays {
  written_day: string
}

export interface Tables {
  runs: RunRows
  notice_cursors: NoticeCursors
  housekeeping_cursors: HousekeepingCursors
  finished_days: FinishedDays
  deliveries: Deliveries
  chain_entries: LedgerEntries
  chain_heads: LedgerHeads
  decisions: Decisions
  outcomes: Outcomes
  early_labels: EarlyLabels
  decision_days: DecisionDays
  run_days: RunDays
  evidence_epochs: EvidenceEpochs
}
