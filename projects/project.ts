/**
 * The one interface that a project implements. Everything that Slipway does for a project goes through it. A project's
 * folder has an `index.ts` that defines the project and exports it as `project`. Its files import contracts, this file
 * and the kit, and nothing else of Slipway; outside this repository these are `slipway/project` and `slipway/kit`.
 */
import type { z } from 'zod'
import type { Arm } from '../contracts/names.js'
import type {
  ActionPolicy,
  ConditionsPolicy,
  EvaluationReport,
  GatePolicy,
  MonitorSignal,
  OfflinePolicy,
  PromotionPolicy,
  RetentionPolicy,
  SchedulePolicy,
  SnapshotManifest,
} from '../contracts/types.js'
import type { SourceFormat, SourceProblems } from './source-format.js'

export type { SourceFormat, SourceProblems } from './source-format.js'

/**
 * A model's output for one input: numbers by name, e.g. `{ probability: 0.31 }`, or a score by listing. All must be
 * finite.
 */
export type Output = Readonly<Record<string, number>>

/**
 * The outcome of a decision: a number, e.g. 1 for late, or several by name, e.g. the gain of each listing of a slate.
 */
export type Label = number | Readonly<Record<string, number>>

/** One past event that a decision can be made about. Instants are epoch ms of event time. */
export interface ReplayEvent<Input = unknown> {
  /** Unique in the project. It is part of the decision id. */
  readonly id: string
  /**
   * An entity always gets the same arm. It is the unit of randomisation, so entities should be independent of each
   * other.
   */
  readonly entityKey: string
  /** When the decision is made. */
  readonly at: number
  readonly input: Input
  /** Null if no outcome was ever recorded. */
  readonly label: Label | null
  /** When the label became known; null without a label. */
  readonly knownAt: number | null
}

/** A loaded model. Calls may overlap and must not influence each other. */
export interface Scorer<Input = unknown> {
  /** One output an input, in the order of the inputs. */
  score(inputs: readonly Input[]): Promise<Output[]> | Output[]
}

export interface SnapshotRequest {
  /** A user's file or folder, as given with `--source`; the project's default data when absent. */
  readonly source?: string
  /** Epoch ms. A fact that became known at or after this instant must not be in the snapshot. */
  readonly cutoff: number
  /** An existing, empty folder. The project writes `dataFile` into it. */
  readonly outFolder: string
  /**
   * Present in `slipway snapshot check`: the project adds each problem here and continues where it can, instead of
   * throwing at the first one. A project may ignore it; the check then names its first problem.
   */
  readonly problems?: SourceProblems
}

export interface SnapshotDraft {
  /** What the data are: source, cutoff, days, numbers of rows and of rejected rows. Slipway adds the rest. */
  readonly manifest: Omit<SnapshotManifest, 'schema' | 'project' | 'data'>
  /** The normalised rows in any format, in one file inside outFolder. The same rows must give the same bytes. */
  readonly dataFile: string
}

export interface TrainRequest {
  readonly snapshot: SnapshotManifest
  /** The snapshot's file, as `importSnapshot` wrote it. */
  readonly dataFile: string
  /** An existing, empty folder for the artifact. */
  readonly outFolder: string
  /** Outlives the trainer's process. A retry of the same training finds what a killed attempt saved here. */
  readonly checkpointFolder: string
  readonly seed: number
  /** The trigger's parameters. The project checks them and throws BadRequest for an unknown name or value. */
  readonly parameters: Readonly<Record<string, number | string | boolean>>
}

export interface TrainProgress {
  /** The epoch that has ended, from 1. */
  readonly epoch: number
  readonly epochs: number
  /** Mean training loss of the epoch. */
  readonly loss: number
  readonly rowsPerSecond: number
}

/** Limits of one training attempt. Beyond a limit the trainer is killed and the release ends as failed. */
export interface TrainingLimits {
  /** Wall time as a duration, e.g. `90m`; at most a day. */
  readonly time: string
  /** The longest wall time without any output of the trainer, as a duration. */
  readonly silence: string
  /** The size of all files in its output and checkpoint folders together. */
  readonly bytes: number
}

export interface TrainResult {
  /** The model artifact, a file inside outFolder. */
  readonly artifactFile: string
  /** Name and version of the artifact's format, e.g. `eta_model/1`. */
  readonly format: string
  /** The kind of model in words, e.g. `logistic regression`. */
  readonly kind: string
  /** The version of the features that the model reads. `load` gets it back. */
  readonly featureVersion: string
  /** How outputs become actions, and what mistakes cost. It is part of the release. */
  readonly actionPolicy: ActionPolicy
  /** Shown with the training; nothing is decided by them. */
  readonly metrics: Readonly<Record<string, number>>
}

/** The parts of a release that evaluation needs. The artifact's digest has been checked. */
export interface LoadedRelease {
  /** Digest of the release. */
  readonly digest: string
  readonly featureVersion: string
  readonly actionPolicy: ActionPolicy
  readonly artifact: Uint8Array
}

/** A candidate is compared with today's production on the candidate's snapshot. */
export interface EvaluateRequest {
  readonly snapshot: SnapshotManifest
  readonly snapshotDigest: string
  readonly dataFile: string
  readonly candidate: LoadedRelease
  readonly production: LoadedRelease
  /** The gate policy of the candidate's release. Read its thresholds with `thresholdReader` of the kit. */
  readonly gates: GatePolicy
  /** What the release's promotion policy requires on the critical slice: give it to `withSliceLimits` of the kit. */
  readonly offline?: OfflinePolicy
}

/** One arm's decisions in a window of event time, [from, to) in epoch ms. Their labels are not known yet. */
export interface MonitorWindow<Input = unknown> {
  readonly arm: Arm
  readonly from: number
  readonly to: number
  readonly decisions: readonly {
    readonly at: number
    readonly input: Input
    readonly output: Output
    readonly action: string
  }[]
}

/** One arm's decisions of whole days with final labels, [from, to) in epoch ms of event time. */
export interface MaturedWindow {
  readonly arm: Arm
  readonly from: number
  readonly to: number
  readonly decisions: readonly {
    readonly at: number
    readonly output: Output
    readonly action: string
    readonly label: Label
    readonly loss: number
  }[]
}

/** A trigger that shows one behaviour on the default data. `slipway demo` starts them in this order. */
export interface DemoCandidate {
  readonly name: string
  /** ISO instant. */
  readonly cutoff: string
  readonly parameters: Readonly<Record<string, number | string | boolean>>
  /** What is special about the candidate, in words. */
  readonly about: string
}

/** Parts of the traffic in which harm counts by itself. */
export interface ProjectSegments<Input = unknown> {
  /** At most 20. A policy names those that it uses. */
  readonly names: readonly string[]
  /**
   * The segments of an input, by name; possibly several, or none. Pure. If it throws, the decision counts as segment
   * `unknown`.
   */
  of(input: Input): readonly string[]
}

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
   * The critical slices of the offline gates, as far as an input shows them. With `slipway.policy/2` they are segments of
   * the live traffic, unless the policy has segments of its own.
   */
  readonly segments?: ProjectSegments<Input>
  /**
   * True if `loss` reads the input. It is then kept with replayed decisions too; a label of a decision whose input was too
   * large to be kept is rejected.
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
   * The loss of one decision with a known label, in `lossUnit`. The judge compares its mean between arms. `input` is there
   * only if `lossReadsInput` is true.
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
  /** Events in [from, to), epoch ms, in order of time. They are the days after a cutoff, replayed as traffic. */
  replay(request: { source?: string; from: number; to: number }): AsyncIterable<ReplayEvent<Input>>
}
