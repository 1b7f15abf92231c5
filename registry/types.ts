/** What the registry answers and takes, by area. */
export type { Aliases, AliasMove, AliasMoveRecord } from './types/aliases.js'
export type { ChainEntry, ChainExport, EntryKind, NewEntry, Problem, Verification } from './types/chain.js'
export type { ClosedDay } from './types/days.js'
export type { DecisionRecord, DecisionRow, DecisionSource, StoredDecision } from './types/decisions.js'
export type {
  CohortCounts,
  CohortQuery,
  CorrectionCounts,
  CorrectionQuery,
  MaturedDecision,
  MaturedQuery,
  RecordedValues,
  RecordedValuesQuery,
} from './types/evidence.js'
export type { ExposedRun, ExposureRecord, ExposureStep } from './types/exposure.js'
export type { Lane, LaneRequest, LaneTaken } from './types/lanes.js'
export type { LabelledDecision, LabelResult, NewLabel, OutcomeRecord, OutcomeRow } from './types/outcomes.js'
export type { Registry, RegistryStatus } from './types/registry.js'
export type { ReleaseRecord, ReleaseRef, ReleaseRunRecord, ReleaseRunSummary } from './types/releases.js'
export type {
  ArtifactState,
  DroppedArtifacts,
  DroppedDay,
  PrunedArtifact,
  PrunedDay,
  PruneReport,
  PruneRequest,
} from './types/retention.js'
