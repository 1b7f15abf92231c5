/** Releases, snapshots, aliases and evidence in PostgreSQL; artifacts by digest in a folder. */
export type { EntryKind, LedgerEntry, NewEntry } from '../contracts/ledger/index.js'
export type { Aliases, AliasMove, AliasMoveRecord } from './aliases/aliases-area.js'
export { earlierProduction } from './aliases/earlier.js'
export { createArtifactStore } from './artifacts/open-store.js'
export type { ArtifactStore } from './artifacts/store.js'
export type { DecisionRecord, DecisionRow, DecisionSource, StoredDecision } from './evidence/decision-types.js'
export type { CohortCounts, CohortQuery, CorrectionCounts } from './evidence/evidence-area.js'
export { clockIn, inputOfRun } from './exposure/clock.js'
export type { ExposedRun, ExposureRecord } from './exposure/exposure-area.js'
export { inOrderOfForce } from './exposure/order.js'
export type { LabelledDecision, LabelResult, NewLabel, OutcomeRecord, OutcomeRow } from './labels/label-types.js'
export type { Lane } from './lane/lane-area.js'
export { isIntact } from './ledger/entry.js'
export type { LedgerExport, Problem, Verification } from './ledger/ledger-area.js'
export { openRegistry, type RegistryOptions } from './open.js'
export type { Registry, RegistryStatus } from './registry.js'
export type { ReleaseRecord, ReleaseRef, ReleaseRunRecord, ReleaseRunSummary } from './releases/releases-area.js'
export { retentionOf } from './retention/policy.js'
export type {
  ArtifactState,
  PrunedArtifact,
  PrunedDay,
  PruneReport,
  PruneRequest,
} from './retention/retention-area.js'
export { type KnownRelease, knownRelease } from './runs/known.js'
