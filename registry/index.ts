/** Releases, snapshots, aliases and evidence in PostgreSQL; artifacts by digest in a folder. */
export type { EntryKind, LedgerEntry, NewEntry } from '../contracts/ledger/index.js'
export type { AliasMove, AliasMoveRecord } from './aliases/aliases-area.js'
export { previousProduction } from './aliases/earlier-production.js'
export { newestWhere, promotionOf, wasProduction } from './aliases/promotion-of.js'
export type { ArtifactStore } from './artifacts/artifact-store.js'
export { readNamedObject } from './artifacts/named-objects.js'
export { createArtifactStore } from './artifacts/open-artifact-store.js'
export { cancelQueriesWith } from './database/cancel-queries.js'
export { isRefusedRow } from './database/database-errors.js'
export type { DecisionRecord, DecisionRow, DecisionSource, StoredDecision } from './evidence/decision-types.js'
export type {
  CohortCounts,
  CohortQuery,
  CorrectionCounts,
  EntityQuery,
  EntitySums,
  SegmentDays,
} from './evidence/evidence-area.js'
export { requireRecordableDecision } from './evidence/record-evidence.js'
export { clockIn, inputOfRun } from './exposure/run-clock.js'
export type { EvaluationSummary, FleetRecords } from './fleet/fleet-area.js'
export type {
  CorrectedLabel,
  EarlyLabel,
  LabelledDecision,
  LabelResult,
  NewLabel,
  OutcomeRecord,
  OutcomeRow,
} from './labels/label-types.js'
export type { NewestCorrections, NewestEarly } from './labels/labels-area.js'
export type { Lane } from './lane/lane-area.js'
export { isIntact } from './ledger/entry-hash.js'
export type { Comparison, LedgerExport, Problem, Verification } from './ledger/ledger-area.js'
export type { RefusedNotice } from './notices/notices-area.js'
export { webhookName } from './notices/receiver-name.js'
export { openRegistry, type RegistryOptions } from './open-registry.js'
export type { Registry, RegistryStatus } from './registry.js'
export type { ReleaseRecord, ReleaseRef, ReleaseRunRecord, ReleaseRunSummary } from './releases/releases-area.js'
export { closingOf } from './retention/closings.js'
export type {
  ArtifactState,
  PrunedArtifact,
  PrunedDay,
  PruneReport,
  PruneRequest,
} from './retention/retention-area.js'
export { retentionOf } from './retention/retention-policy.js'
export { type KnownRelease, knownRelease } from './runs/known-release.js'
export type { OpenRun, RunPart } from './runs/runs-area.js'
export { UnknownRun } from './runs/unknown-run.js'
