/**
 * The one interface that a project implements. Everything that Slipway does for a project goes through it. A project's
 * folder has an `index.ts` that defines the project and exports it as `project`. Its files import contracts, this file
 * and the kit, and nothing else of Slipway; outside this repository these are `slipway/project` and `slipway/kit`.
 */
import type { z } from 'zod'
import type {
  ActionPolicy,
  ConditionsPolicy,
  EvaluationReport,
  GatePolicy,
  MonitorSignal,
  PromotionPolicy,
  RetentionPolicy,
  SchedulePolicy,
  SnapshotManifest,
} from '../contracts/types.js'
import type {
  DemoCandidate,
  EvaluateRequest,
  LoadedRelease,
  MaturedWindow,
  MonitorWindow,
  ProjectSegments,
  SnapshotDraft,
  SnapshotRequest,
  TrainingLimits,
  TrainProgress,
  TrainRequest,
  TrainResult,
} from './project-requests.js'
import type { Label, Output, ReplayEvent, Scorer } from './project-values.js'
import type { SourceFormat } from './source-format.js'

export type * from './project-requests.js'
export type * from './project-values.js'
export type { SourceFormat, SourceProblems } from './source-format.js'

/**
 * Functions throw SlipwayError: BadData when data are wrong, BadRequest when a request is, and others as stated below.
 */
export interface Project<Input = unknown> {
  /** Lower-case letters, digits and dashes, at most 40. It is part of every release's workflow id. */
  readonly name: string
  /** The folder of its code. A digest of the files in it is recorded with every training. */
  readonly folder: URL
  /** Shown to people. */
  readonly title: string
  /** The unit of a loss in words, e.g. `cost points per flight`. It is shown with every loss. */
  readonly lossUnit: string
  /** How a canary is exposed and judged. */
  readonly policy: PromotionPolicy
  /**
   * True if every decision gets the same label whatever the action was, for example the arrival of a parcel. The label
   * of production's decision is then also the label of the candidate's in the shadow, with a loss of its own.
   */
  readonly labelsIndependentOfAction?: boolean
  /**
   * The critical slices of the offline gates, as far as an input shows them. With `slipway.policy/2` they are segments
   * of the live traffic, unless the policy has segments of its own.
   */
  readonly segments?: ProjectSegments<Input>
  /**
   * True if `loss` reads the input. It is then kept with replayed decisions too; a label of a decision whose input was
   * too large to be kept is rejected.
   */
  readonly lossReadsInput?: boolean
  /** The required offline gates, and their thresholds. */
  readonly gates: GatePolicy
  /** What is watched live, and what a breach does. */
  readonly monitor: { readonly version: string; readonly signals: readonly MonitorSignal[] }
  /** ISO instant: the cutoff for the default data when a trigger has none. */
  readonly defaultCutoff: string
  readonly demo: readonly DemoCandidate[]
  /** Limits other than the defaults: 90 minutes, 15 minutes without output, 2 GiB. */
  readonly training?: Partial<TrainingLimits>
  /**
   * Retraining at fixed times, after `slipway schedule apply`. When absent, releases are started by hand or by
   * `triggers`.
   */
  readonly schedule?: SchedulePolicy
  /** Conditions in production that start a retraining, after `slipway schedule apply`. */
  readonly triggers?: ConditionsPolicy
  /** How long `slipway registry prune` keeps decisions, models and data, if its defaults do not fit. */
  readonly retention?: RetentionPolicy

  /** The forms of a user's own data, shown by `slipway project formats`. */
  readonly formats?: readonly SourceFormat[]
  /**
   * Reads, validates and normalises rows up to the cutoff.
   * @throws SlipwayError BadData naming the file, the field, its value and what to do
   */
  importSnapshot(request: SnapshotRequest): Promise<SnapshotDraft>
  /**
   * The simple rule that every first candidate must beat. `project init` registers it as the first production release.
   */
  baseline(request: TrainRequest): Promise<TrainResult>
  /**
   * Trains a candidate, in a separate process. The same data, seed and parameters must give the same bytes, also after
   * a resume from a checkpoint. For a program in another language, use `commandTrainer` of the kit.
   * @throws SlipwayError BadData when the data cannot be trained on, BadRequest for wrong parameters
   */
  train(request: TrainRequest, onProgress: (progress: TrainProgress) => void): Promise<TrainResult>
  /**
   * Checks the parameters of a training before a release is started, so that a misspelt one costs nothing.
   * @throws SlipwayError BadRequest as `train` would
   */
  checkParameters?(parameters: TrainRequest['parameters']): unknown
  /**
   * Loads an artifact for scoring. Releases of earlier builds must stay loadable.
   * @throws SlipwayError ArtifactMismatch when the bytes are not a model of this project and feature version
   */
  load(release: Pick<LoadedRelease, 'featureVersion' | 'artifact'>): Promise<Scorer<Input>>
  /** A few inputs of the snapshot. An artifact that cannot score them does not become a candidate. */
  sample(request: { snapshot: SnapshotManifest; dataFile: string }): Promise<Input[]>
  /**
   * The schema of a live input. Whatever it accepts must be scorable. Without a schema any JSON is accepted, and an
   * output that is not a finite number counts as an error of the release.
   */
  readonly inputSchema?: z.ZodType<Input>
  /**
   * The schema of a label. A label that does not fit is rejected when it is delivered, before any loss is computed from
   * it. Without a schema, any label with a finite loss is accepted.
   */
  readonly labelSchema?: z.ZodType<Label>
  /** The action for an output, e.g. `warn`, or a slate of listings joined by spaces. Pure: trace recomputes it. */
  decide(output: Output, policy: ActionPolicy, input: Input): string
  /**
   * The loss of one decision with a known label, in `lossUnit`. The judge compares its mean between arms. `input` is
   * there only if `lossReadsInput` is true.
   */
  loss(decision: { action: string; output: Output; label: Label; input?: Input }, policy: ActionPolicy): number
  /**
   * The expected `loss` at the time of the decision, under the output's calibrated probability. Leave it out if the
   * output does not predict the label's probability: there is then no early estimate.
   */
  expectedLoss?(output: Output, action: string, policy: ActionPolicy): number
  /**
   * The values of the monitor's `data_health` and `rollback_event` signals, by name. Leave out a signal that cannot be
   * measured in this window. The service measures latency and errors itself.
   */
  measure(window: MonitorWindow<Input>): Readonly<Record<string, number>>
  /** The values of the monitor's `delayed_quality` signals, by name. Required if the monitor has such a signal. */
  measureMatured?(window: MaturedWindow): Readonly<Record<string, number>>
  /** Evaluates the gates. The report must hold every required gate; a missing one counts as failed. */
  evaluate(request: EvaluateRequest): Promise<EvaluationReport>
  /**
   * True if the events of each call of `replay` are in order of time. It is then called once for fourteen days and read
   * as far as needed. Otherwise it is called once for each day, which costs a project that reads its file in each call.
   */
  readonly replayInOrder?: boolean
  /** Events in [from, to), epoch ms, in order of time. They are the days after a cutoff, replayed as traffic. */
  replay(request: { source?: string; from: number; to: number }): AsyncIterable<ReplayEvent<Input>>
}
