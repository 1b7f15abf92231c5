/**
 * The activities that workflows call; without zod. Inputs and outputs are small: ids
 * and digests.
 */
import type { ReleaseClock } from './clock.js'
import type { EvidenceSource } from './evidence-source.js'
import type { ExposurePhase } from './exposure.js'
import type { AnsweredAction, OperatorAnswer, ReceivedAction } from './messages.js'
import type { VerdictName } from './names.js'
import type { ProgressRequest, Reading } from './progress.js'
import type { GatePolicy, MonitorPolicy, PromotionPolicy, ReleaseInput } from './types.js'

/** The calling run: `workflowId` is part of the key of everything that it writes. */
export interface RunRef {
  readonly project: string
  readonly workflowId: string
}

export interface SnapshotRef {
  readonly digest: string
  readonly rows: number
  readonly rejectedRows: number
}

export interface CandidateRef {
  readonly releaseId: string
  readonly digest: string
}

export interface OfflineResult {
  /** The result of the promotion boundary: `canary_open` or `hold:<gates>`. */
  readonly decision: string
  readonly production: string
  readonly evaluation: string
  /** For people: the failed gates with number and threshold, or that all passed. */
  readonly summary: string
}

/** Reason of a hold: replayed data has ended, and an extension would change nothing. */
export const NO_MORE_TRAFFIC = 'no_more_traffic'

/** Reason of a hold or rollback: the shadow shows harm, so an extension would change nothing. */
export const HARM_IN_SHADOW = 'harm_in_shadow'

/** Ledger positions up to which a look had breaches of its run. */
export interface BreachesRead {
  /** Of the last breach that was stored when it read them. */
  readonly read: number
  /** Up to it the look had each breach of its phase that a decision service measured; absent in a replay. */
  readonly through?: number
}

export interface ExposureRequest extends RunRef {
  readonly phase: ExposurePhase
  /**
   * How often the canary was opened before; 0 when absent. Evidence of an earlier opening does not count in this one.
   */
  readonly opening?: number
  readonly candidate: string
  readonly reference: string
  readonly policy: PromotionPolicy
  readonly clock: ReleaseClock
  readonly source?: string
  /**
   * Where evidence comes from: `replay` of the project's data when absent, or `live` traffic of the decision service.
   */
  readonly evidence?: EvidenceSource
  /** Event instant at which the phase began; exposure starts with the next whole UTC day. */
  readonly opened: number
  /** ISO event time. */
  readonly deadline: string
  readonly step: number
  /** Event instant at which this step began. */
  readonly stepBegan: number
  /** Looks up to this event instant have been acted on. */
  readonly looksAfter: number
  /**
   * Of the look at `looksAfter`; of a canary whose shadow ended there, the last one of the shadow. Absent before the
   * first one, and from earlier builds, which take the newest look of the ledger. That one may be of an attempt that an
   * operator action interrupted: its result was never acted on.
   */
  readonly actedOn?: BreachesRead
  /** While paused only a breach, harm or the deadline ends the step. */
  readonly paused: boolean
  /** The same applies while a person's approval is awaited. */
  readonly awaitsApproval?: boolean
  /**
   * Epoch ms of wall time at which a person last resumed it. Breaches of pause power up to then were known to that
   * person, and do not pause again.
   */
  readonly resumedAt?: number
  /** Id of that resume: its place in the ledger decides for breaches that a decision service measured. */
  readonly resumedBy?: string
  /** An operator asked to promote: judge once, now, and return the result whatever it is. */
  readonly once: boolean
}

export interface ExposureResult {
  /**
   * `production_changed`: production is no longer the release that this phase compares, whatever its evidence shows.
   */
  readonly outcome: 'promote' | 'rollback' | 'hold' | 'pause' | 'step_over' | 'undecided' | 'production_changed'
  readonly reason: string
  /** For people, where the reason alone is not clear. */
  readonly detail?: string
  readonly judgement: string | null
  /** Event instant of the look that decided. */
  readonly asOf: number
  /** Breaches that this look had; absent without a look, and from earlier builds. */
  readonly breaches?: BreachesRead
  /** The clock in force of a compressed release, which may have been started again. */
  readonly clock?: ReleaseClock
}

export interface ConditionRequest {
  readonly project: string
  readonly condition: string
  /** ISO: decisions, labels and ages as of this instant. */
  readonly at: string
}

/** The result of one check of a condition of production. */
export interface ConditionCheck {
  readonly condition: string
  readonly at: string
  /** `suppressed`: the condition holds, but no release was started. */
  readonly outcome: 'quiet' | 'cannot_say' | 'suppressed' | 'started'
  readonly says: string
  readonly numbers: Readonly<Record<string, number>>
  readonly window: { readonly from: string; readonly to: string }
  readonly suppressed: { readonly by: string; readonly says: string } | null
  /** Workflow id of the release it started. */
  readonly release: string | null
  /** The release to start. */
  readonly start: ReleaseInput | null
}

/** What a run that asks for the canary lane gets. */
export interface LaneAnswer {
  /** `exhausted`: the same release was judged as often as the policy allows. */
  readonly outcome: 'open' | 'busy' | 'production_changed' | 'exhausted'
  readonly holder: string | null
  /** Only with `exhausted`: workflow ids of the runs that were judged, one for each opening. */
  readonly judged?: readonly string[]
}

/** Activities on the shared task queue: they only use the registry. */
export interface FoundAction {
  /** Differs from the id that was sent where that is the id of an earlier action of another name. */
  readonly id: string
  /** Null when the ledger does not have it. */
  readonly answer: OperatorAnswer | null
}

export interface SharedActivities {
  /**
   * The release that a schedule starts for an instant (ISO), with that instant as cutoff and event time; its id if the
   * ledger has it already.
   */
  planScheduled(request: { project: string; at: string }): Promise<ReleaseInput | { known: string }>
  checkCondition(request: ConditionRequest): Promise<ConditionCheck>
  recordTrigger(input: ReleaseInput, workflowId: string): Promise<void>
  openCanary(
    run: RunRef & {
      candidate: string
      production: string
      evaluation: string
      policy: PromotionPolicy
      opening?: number
    },
  ): Promise<LaneAnswer>
  /** Waits without a worker slot until no canary is open: fails "not yet" until then. */
  awaitLane(run: RunRef): Promise<void>
  closeCanary(run: RunRef & { candidate: string; reason: string; opening?: number }): Promise<void>
  promote(
    run: RunRef & {
      candidate: string
      production: string
      reason: string
      actor: string
      evidence: string | null
      opening?: number
      /** Of the look that permits it; absent from earlier builds: of the newest look. */
      breachesRead?: number
    },
    // Breached: a breach that rolls back was stored that no look has read. The canary looks again.
  ): Promise<{ moved: boolean; found: string | null; breached?: true }>
  revert(
    run: RunRef & { candidate: string; production: string; reason: string; evidence: string | null },
  ): Promise<{ moved: boolean; found: string | null }>
  readProgress(request: ProgressRequest): Promise<Reading>
  /** The current production release. */
  findProduction(run: RunRef): Promise<string | null>
  /** @returns why an action that needs a proven name was recorded as refused; null when it counts. Earlier: nothing */
  recordAction(
    run: RunRef & {
      action: ReceivedAction
      accepted: boolean
      message: string
      /** A promotion that must come from another person. */
      needsProof?: true
    },
  ): Promise<NotCounted | null>
  /** @returns for each why it cannot be recorded, or does not count; null when it is recorded */
  recordActions(
    run: RunRef & {
      actions: readonly AnsweredAction[]
      /** Promotions must come from another person. */
      needsProof?: true
    },
  ): Promise<(string | NotCounted | null)[]>
  /** Which of these actions the ledger has. */
  findActions(run: RunRef & { actions: readonly Pick<ReceivedAction, 'id' | 'action'>[] }): Promise<FoundAction[]>
  /** `lapsed`: the promotion that was to be approved is no longer permitted. */
  recordApproval(
    run: RunRef & {
      /** Counted from 1: each is requested, and then given or lapsed. */
      number: number
      state: 'asked' | 'given' | 'lapsed'
      releaseId: string
      reason: string
      judgement: string | null
      by: string | null
    },
  ): Promise<void>
  recordVerdict(
    run: RunRef & { releaseId: string | null; verdict: VerdictName; reason: string; detail: string },
  ): Promise<void>
}

/** An action that was recorded as refused, although the run had accepted it. */
export interface NotCounted {
  readonly notCounted: string
}

/** Activities on the project's own task queue: they need its data, its trainer or its models. */
export interface ProjectActivities {
  importSnapshot(run: RunRef & { source?: string; cutoff: string }): Promise<SnapshotRef>
  trainCandidate(
    run: RunRef & {
      snapshot: string
      parameters: Readonly<Record<string, number | string | boolean>>
      policy: PromotionPolicy
      /** Absent: those of the project. */
      gates?: GatePolicy | undefined
      monitor?: MonitorPolicy | undefined
      /** How often it was begun before; absent: never. Its checkpoint is the same. */
      trainings?: number
    },
  ): Promise<CandidateRef>
  evaluateCandidate(run: RunRef & { candidate: string; attempt: number }): Promise<OfflineResult>
  watchExposure(request: ExposureRequest): Promise<ExposureResult>
}
