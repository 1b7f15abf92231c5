/**
 * The types of everything that crosses a boundary. Derived from the schemas by `import type` alone, so that importing
 * this file brings no zod into a workflow's bundle.
 */
import type { z } from 'zod'
import type * as schemas from './schemas/index.js'

export type SnapshotManifest = z.infer<typeof schemas.snapshotManifest>
export type ReleaseManifest = z.infer<typeof schemas.releaseManifest>
export type ActionPolicy = z.infer<typeof schemas.actionPolicy>
export type GatePolicy = z.infer<typeof schemas.gatePolicy>
export type MonitorPolicy = z.infer<typeof schemas.monitorPolicy>
export type MonitorSignal = z.infer<typeof schemas.monitorSignal>
export type JudgePolicy = z.infer<typeof schemas.judgePolicy>
export type PromotionPolicy = z.infer<typeof schemas.promotionPolicy>
export type OfflinePolicy = z.infer<typeof schemas.offlinePolicy>
export type SegmentsPolicy = NonNullable<PromotionPolicy['segments']>
export type SegmentSums = NonNullable<Evidence['segments']>[number]
export type SegmentNumbers = NonNullable<Judgement['numbers']['segments']>[number]
export type GateResult = z.infer<typeof schemas.gateResult>
export type Figure = z.infer<typeof schemas.figure>
export type EvaluationReport = z.infer<typeof schemas.evaluationReport>
export type Cohort = z.infer<typeof schemas.cohort>
export type Breach = z.infer<typeof schemas.breach>
export type SequentialLook = z.infer<typeof schemas.sequentialLook>
export type PastLook = z.infer<typeof schemas.pastLook>
export type Evidence = z.infer<typeof schemas.evidence>
export type Paired = NonNullable<Evidence['paired']>
export type Judgement = z.infer<typeof schemas.judgement>
export type RetentionPolicy = z.infer<typeof schemas.retentionPolicy>
export type SchedulePolicy = z.infer<typeof schemas.schedulePolicy>
export type ConditionPolicy = z.infer<typeof schemas.conditionPolicy>
export type ConditionsPolicy = z.infer<typeof schemas.conditionsPolicy>
export type Trigger = z.infer<typeof schemas.trigger>
export type ReleaseInput = z.infer<typeof schemas.releaseInput>
export type OperatorAction = z.infer<typeof schemas.operatorAction>
export type Verdict = z.infer<typeof schemas.verdict>
export type TrainingJob = z.infer<typeof schemas.trainingJob>
export type TrainProgress = z.infer<typeof schemas.trainProgress>
