/**
 * The one interface a project implements. Everything Slipway does for a project goes through it; a project's folder
 * imports contracts and this file, nothing else of Slipway.
 */
import type { z } from 'zod'
import type { Arm } from '../contracts/names.js'
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

/** What a model says of one input: named numbers, e.g. `{ probability: 0.31 }`, or a score by listing. */
export type Output = Readonly<Record<string, number>>

/** What turned out: a number, or several by name, e.g. the gain of each listing of a slate. */
export type Label = number | Readonly<Record<string, number>>

/** One thing that happened and can be decided on. Instants are epoch ms of event time. */
export interface ReplayEvent<Input = unknown> {
  /** Unique in the project: part of the decision id. */
  readonly id: string
  /** The split is sticky by this. */
  readonly entityKey: string
  readonly at: number
  readonly input: Input
  /** Null where no outcome was ever recorded. */
  readonly label: Label | null
  /** When the label became known. */
  readonly knownAt: number | null
}

/** A loaded model: outputs in the order of the inputs. Thread-safe, no hidden state. */
export interface Scorer<Input = unknown> {
  score(inputs: readonly Input[]): Promise<Output[]> | Output[]
}

export interface SnapshotRequest {
  /** A file or folder of the user's; the project's default data when absent. */
  readonly source?: string
  /** Epoch ms; nothing known only at or after this instant may enter. */
  readonly cutoff: number
  /** An existing empty folder; the project writes `dataFile` here. */
  readonly outFolder: string
}

export interface SnapshotDraft {
  readonly manifest: Omit<SnapshotManifest, 'schema' | 'project' | 'data'>
  /** The normalised rows, inside outFolder. */
  readonly dataFile: string
}

export interface TrainRequest {
  readonly snapshot: SnapshotManifest
  readonly dataFile: string
  readonly outFolder: string
  /** Outlives the trainer's process: what was saved here by a killed attempt at the same training is there again. */
  readonly checkpointFolder: string
  readonly seed: number
  readonly parameters: Readonly<Record<string, number | string | boolean>>
}

export interface TrainProgress {
  readonly epoch: number
  readonly epochs: number
  readonly loss: number
  readonly rowsPerSecond: number
}

/** What one attempt at a training may take. Beyond it the trainer is killed and the release ends as failed. */
export interface TrainingLimits {
  /** Wall time, as in `90m`; at most a day. */
  readonly time: string
  /** The longest time without a word on its outputs. */
  readonly silence: string
  /** Of everything below its output and checkpoint folders. */
  readonly bytes: number
}

export interface TrainResult {
  /** The model artifact, inside outFolder. */
  readonly artifactFile: string
  readonly format: string
  readonly kind: string
  readonly featureVersion: string
  readonly actionPolicy: ActionPolicy
  readonly metrics: Readonly<Record<string, number>>
}

/** A release as evaluation sees it: its tuple's parts, with the artifact's bytes already checked. */
export interface LoadedRelease {
  readonly digest: string
  readonly featureVersion: string
  readonly actionPolicy: ActionPolicy
  readonly artifact: Uint8Array
}

export interface EvaluateRequest {
  readonly snapshot: SnapshotManifest
  readonly snapshotDigest: string
  readonly dataFile: string
  readonly candidate: LoadedRelease
  readonly production: LoadedRelease
  readonly gates: GatePolicy
}

/** What a monitor sees of one arm in one window of event time, [from, to) in epoch ms: decisions, not yet their labels. */
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

/** What is final of one arm: labelled decisions of whole days, [from, to) in epoch ms of event time, whose labels are due. */
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

/** A trigger that shows one behaviour on the default data; `slipway demo` sends them in this order. */
export interface DemoCandidate {
  readonly name: string
  readonly cutoff: string
  readonly parameters: Readonly<Record<string, number | string | boolean>>
  /** One sentence: what is special about it. */
  readonly about: string
}

export interface Project<Input = unknown> {
  readonly name: string
  /** Where its code lies: a digest of the files in it is recorded with every training. */
  readonly folder: URL
  readonly title: string
  /** The loss's unit, in words: shown wherever a loss is shown. */
  readonly lossUnit: string
  readonly policy: PromotionPolicy
  readonly gates: GatePolicy
  readonly monitor: { readonly version: string; readonly signals: readonly MonitorSignal[] }
  /** Cutoff (ISO) used for the default data when none is asked for. */
  readonly defaultCutoff: string
  readonly demo: readonly DemoCandidate[]
  /** Where the defaults do not fit: 90 minutes, 15 of them silent, 2 GiB. */
  readonly training?: Partial<TrainingLimits>
  /** When it is retrained by the clock, once `slipway schedule apply` has said so; only by hand when absent. */
  readonly schedule?: SchedulePolicy
  /** When production itself asks for a retraining; never when absent. Put to work by `slipway schedule apply`. */
  readonly triggers?: ConditionsPolicy
  /** How long decisions, models and data are kept, where `slipway registry prune` should not go by its defaults. */
  readonly retention?: RetentionPolicy

  /** Reads, validates and normalises rows up to the cutoff. Throws SlipwayError BadData naming field, value and way out. */
  importSnapshot(request: SnapshotRequest): Promise<SnapshotDraft>
  /** The simple rule that every first candidate must beat; recorded as the first release. */
  baseline(request: TrainRequest): Promise<TrainResult>
  /** Runs in a process of its own. Deterministic in (data, seed, parameters). A program in any language: `commandTrainer` of the kit. */
  train(request: TrainRequest, onProgress: (progress: TrainProgress) => void): Promise<TrainResult>
  /** Parses a checked artifact. Throws SlipwayError ArtifactMismatch on a shape it does not know. */
  load(release: Pick<LoadedRelease, 'featureVersion' | 'artifact'>): Promise<Scorer<Input>>
  /** A few inputs of the snapshot: an artifact that cannot score them never becomes a candidate. */
  sample(request: { snapshot: SnapshotManifest; dataFile: string }): Promise<Input[]>
  /**
   * What a live request's input must be; whatever is accepted can be scored. Without it any JSON is, and an output that is not a
   * number is an error of the release.
   */
  readonly inputSchema?: z.ZodType<Input>
  /** The action policy: which action an output means, e.g. `warn`, or a slate of listings joined by spaces. */
  decide(output: Output, policy: ActionPolicy, input: Input): string
  /** Business loss of one decision once its label is known, in lossUnit. */
  loss(decision: { action: string; output: Output; label: Label }, policy: ActionPolicy): number
  /**
   * What `loss` is expected to be when the decision is made, under the output's calibrated probability. Absent where the output
   * says nothing of the label's chances: then there is no early estimate.
   */
  expectedLoss?(output: Output, action: string, policy: ActionPolicy): number
  /**
   * The numbers of the monitor's `data_health` and `rollback_event` signals, by their names; a signal that is absent could
   * not be measured in this window. Latency and errors are measured by the service.
   */
  measure(window: MonitorWindow<Input>): Readonly<Record<string, number>>
  /** The numbers of the monitor's `delayed_quality` signals, by their names; needed where one is declared. */
  measureMatured?(window: MaturedWindow): Readonly<Record<string, number>>
  evaluate(request: EvaluateRequest): Promise<EvaluationReport>
  /** What happened in [from, to), in event order: the days after a cutoff, for replaying as traffic. */
  replay(request: { source?: string; from: number; to: number }): AsyncIterable<ReplayEvent<Input>>
}
