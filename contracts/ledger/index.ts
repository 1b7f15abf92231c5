/** Ledger entries: of each kind the schema of its body, its type, its keys, and what can be asked of it. */
export {
  type AliasMoveBody,
  baselineKey,
  canaryCloseKey,
  canaryOpenKey,
  isPromotion,
  isRollback,
  overrideReason,
  promotedBy,
  promotionKey,
  revertKey,
  rollbackKey,
  terminatedCloseKey,
} from './alias-move.js'
export { type ApprovalBody, approvalKey } from './approval.js'
export { type BreachBody, breachKey, breachKeyStart } from './breach.js'
export { exposureClosedKey, stepKey } from './canary-step.js'
export { clockKey, resumedClockKey } from './clock.js'
export { type ConditionRecord, conditionSubject, placeKey, type Suppression, suppressedKey } from './condition.js'
export {
  type ClosedDay,
  type DigestVersion,
  dayClosedKey,
  dayCoveredKey,
  digestVersionOf,
  NEWEST_DIGEST,
} from './day-closed.js'
export {
  type DroppedArtifacts,
  type DroppedDay,
  droppedArtifactsIn,
  droppedArtifactsKey,
  droppedDayKey,
  isDroppedDay,
} from './dropped.js'
export { bodiesOf, type EntryPart, type LedgerEntry, type NewEntry, ofKind, runOf } from './entry.js'
export { type EvaluationBody, evaluationKey } from './evaluation.js'
export { heldIn, kindsHolding } from './holds.js'
export { lookKey, lookKeyStart, type RecordedLook } from './judgement.js'
export { ENTRY_KINDS, type EntryKind } from './kinds.js'
export { correctionKey, type LabelCorrection } from './label-correction.js'
export { laneKey } from './lane.js'
export { actionKey, KEPT_REQUEST, keysOfAction, type OperatorActionBody, requestedKey } from './operator-action.js'
export { type ReleaseBody, releaseKey } from './release.js'
export { type AppliedSchedule, scheduleKey } from './schedule.js'
export { ENTRY_SCHEMAS, type EntryBody } from './schemas.js'
export type { ShadowNumbers } from './shadow-numbers.js'
export { snapshotKey } from './snapshot.js'
export { SOURCES_SUBJECT, type SourceBody, sourceKey } from './source.js'
export { type TrainingRunBody, trainingKey } from './training-run.js'
export { triggerKey } from './trigger.js'
export { type VerdictBody, verdictKey } from './verdict.js'
