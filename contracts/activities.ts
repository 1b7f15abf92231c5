/** What the release workflow may call: imported there by `import type` only. Inputs and outputs stay small: ids and digests. */
import type { ReleaseClock } from './clock.js'
import type { EvidenceSource } from './evidence-source.js'
import type { ExposurePhase } from './exposure.js'
import type { ReceivedAction } from './messages.js'
import type { VerdictName } from './names.js'
import type { PromotionPolicy, ReleaseInput } from './types.js'

/** Which run is speaking; `workflowId` keys everything it writes. */
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
  /** `canary_open` or `hold:<gates>`: the boundary's word. */
  readonly decision: string
  readonly production: string
  readonly evaluation: string
  /** For people: the failed gates with number and threshold, or how much the candidate gains. */
  readonly summary: string
}

export interface ExposureRequest extends RunRef {
  readonly phase: ExposurePhase
  /** How often the canary was opened before: 0 when absent. What an earlier opening showed does not count in this one. */
  readonly opening?: number
  readonly candidate: string
  readonly reference: string
  readonly policy: PromotionPolicy
  readonly clock: ReleaseClock
  readonly source?: string
  /** Where evidence comes from: `replay` of the project's data when absent, or `live` traffic of the decision service. */
  readonly evidence?: EvidenceSource
  /** Event instant at which the phase began; exposure starts with the next whole UTC day. */
  readonly opened: number
  /** ISO event time. */
  readonly deadline: string
  readonly step: number
  /** Event instant at which this step began. */
  readonly stepBegan: number
  /** Looks up to this event instant were acted on already. */
  readonly looksAfter: number
  /** While paused only a breach, harm or the deadline gets through. */
  readonly paused: boolean
  /** The same while a person's approval is waited for. */
  readonly awaitsApproval?: boolean
  /** Judge once, now, and come back with whatever it said: an operator asked to promote. */
  readonly once: boolean
}

export interface ExposureResult {
  /** `production_changed`: what this phase is about is no longer so, whatever its evidence says. */
  readonly outcome: 'promote' | 'rollback' | 'hold' | 'pause' | 'step_over' | 'undecided' | 'production_changed'
  readonly reason: string
  /** For people, where the reason alone does not say it. */
  readonly detail?: string
  readonly judgement: string | null
  /** Event instant of the look that decided. */
  readonly asOf: number
  /** Of a compressed release: the clock in force, which may have been begun anew. */
  readonly clock?: ReleaseClock
}

export interface ConditionRequest {
  readonly project: string
  readonly condition: string
  /** ISO: decisions, labels and ages as of this instant. */
  readonly at: string
}

/** What one look at a condition of production came to. */
export interface ConditionCheck {
  readonly condition: string
  readonly at: string
  /** `suppressed`: it holds, and nothing was started all the same. */
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

/** On the shared task queue: registry only. */
export interface SharedActivities {
  /** The release that a schedule means for an instant (ISO): cutoff and event time are that instant. Its id where the chain knows it already. */
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
  ): Promise<{ outcome: 'open' | 'busy' | 'production_changed'; holder: string | null }>
  /** Waits without a slot until no canary is open: fails "not yet" until then. */
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
    },
  ): Promise<{ moved: boolean; found: string | null }>
  revert(
    run: RunRef & { candidate: string; production: string; reason: string; evidence: string | null },
  ): Promise<{ moved: boolean; found: string | null }>
  /** What production is now. */
  findProduction(run: RunRef): Promise<string | null>
  recordAction(run: RunRef & { action: ReceivedAction; accepted: boolean; message: string }): Promise<void>
  /** `lapsed`: what was to be approved is permitted no more. */
  recordApproval(
    run: RunRef & {
      /** Counted from 1: each is asked for, and then given or lapsed. */
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

/** On the project's own task queue: they need its data, its trainer or its models. */
export interface ProjectActivities {
  importSnapshot(run: RunRef & { source?: string; cutoff: string }): Promise<SnapshotRef>
  trainCandidate(
    run: RunRef & {
      snapshot: string
      parameters: Readonly<Record<string, number | string | boolean>>
      policy: PromotionPolicy
    },
  ): Promise<CandidateRef>
  evaluateCandidate(run: RunRef & { candidate: string; attempt: number }): Promise<OfflineResult>
  watchExposure(request: ExposureRequest): Promise<ExposureResult>
}
