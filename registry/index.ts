/** Releases, snapshots, aliases and evidence in PostgreSQL; artifacts by digest in a folder. */
export { earlierProduction, isRollback, rollbackKey } from './aliases/earlier.js'
export { createArtifactStore } from './artifacts/open-store.js'
export type { ArtifactStore } from './artifacts/store.js'
export { isIntact } from './chain/entry.js'
export { clockIn, inputOfRun } from './exposure/clock.js'
export { inOrderOfForce } from './exposure/order.js'
export { openRegistry, type RegistryOptions } from './open.js'
export { retentionOf } from './retention/policy.js'
export { type KnownRelease, knownRelease } from './runs/known.js'
export type {
  Aliases,
  AliasMove,
  AliasMoveRecord,
  ArtifactState,
  ChainEntry,
  ChainExport,
  ClosedDay,
  CohortCounts,
  CohortQuery,
  CorrectionCounts,
  DecisionRecord,
  DecisionRow,
  DecisionSource,
  DroppedDay,
  EntryKind,
  ExposedRun,
  ExposureRecord,
  ExposureStep,
  LabelledDecision,
  LabelResult,
  Lane,
  NewEntry,
  NewLabel,
  OutcomeRecord,
  OutcomeRow,
  Problem,
  PrunedArtifact,
  PrunedDay,
  PruneReport,
  PruneRequest,
  Registry,
  RegistryStatus,
  ReleaseRecord,
  ReleaseRef,
  ReleaseRunRecord,
  ReleaseRunSummary,
  StoredDecision,
  Verification,
} from './types.js'
