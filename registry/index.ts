/** Releases, snapshots, aliases and evidence in PostgreSQL; artifacts by digest in a folder. */
export { type ArtifactStore, createArtifactStore } from './artifacts/store.js'
export { openRegistry, type RegistryOptions } from './open.js'
export type {
  Aliases,
  AliasMove,
  AliasMoveRecord,
  ChainEntry,
  CohortCounts,
  CohortQuery,
  DecisionRow,
  EntryKind,
  Lane,
  NewEntry,
  OutcomeRow,
  Problem,
  Registry,
  RegistryStatus,
  ReleaseRecord,
  ReleaseRef,
  ReleaseRunRecord,
  ReleaseRunSummary,
  Verification,
} from './types.js'
