/**
 * The one interface a project implements. Everything Slipway does for a project goes through it; a project's folder
 * imports contracts and this file, nothing else of Slipway.
 */
import type {
  ActionPolicy,
  EvaluationReport,
  GatePolicy,
  MonitorSignal,
  PromotionPolicy,
  SnapshotManifest,
} from '../contracts/types.js'

/** What a model says of one input: named numbers, e.g. `{ probability: 0.31 }`. */
export type Output = Readonly<Record<string, number>>

/** One thing that happened and can be decided on. Instants are epoch ms of event time. */
export interface ReplayEvent<Input = unknown> {
  /** Unique in the project: part of the decision id. */
  readonly id: string
  /** The split is sticky by this. */
  readonly entityKey: string
  readonly at: number
  readonly input: Input
  /** Null where no outcome was ever recorded. */
  readonly label: number | null
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
  readonly seed: number
  readonly parameters: Readonly<Record<string, number | string | boolean>>
}

export interface TrainProgress {
  readonly epoch: number
  readonly epochs: number
  readonly loss: number
  readonly rowsPerSecond: number
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

export interface Project<Input = unknown> {
  readonly name: string
  readonly title: string
  /** The loss's unit, in words: shown wherever a loss is shown. */
  readonly lossUnit: string
  readonly policy: PromotionPolicy
  readonly gates: GatePolicy
  readonly monitor: { readonly version: string; readonly signals: readonly MonitorSignal[] }
  /** Cutoff (ISO) used for the default data when none is asked for. */
  readonly defaultCutoff: string

  /** Reads, validates and normalises rows up to the cutoff. Throws SlipwayError BadData naming field, value and way out. */
  importSnapshot(request: SnapshotRequest): Promise<SnapshotDraft>
  /** The simple rule that every first candidate must beat; recorded as the first release. */
  baseline(request: TrainRequest): Promise<TrainResult>
  /** Runs in a process of its own. Deterministic in (data, seed, parameters). */
  train(request: TrainRequest, onProgress: (progress: TrainProgress) => void): Promise<TrainResult>
  /** Parses a checked artifact. Throws SlipwayError ArtifactMismatch on a shape it does not know. */
  load(release: Pick<LoadedRelease, 'featureVersion' | 'artifact'>): Promise<Scorer<Input>>
  decide(output: Output, policy: ActionPolicy): string
  /** Business loss of one decision, in lossUnit. */
  loss(action: string, label: number, policy: ActionPolicy): number
  /**
   * What `loss` is expected to be when the decision is made, under the output's calibrated probability. Absent where the output
   * says nothing of the label's chances: then there is no early estimate.
   */
  expectedLoss?(output: Output, action: string, policy: ActionPolicy): number
  evaluate(request: EvaluateRequest): Promise<EvaluationReport>
  /** What happened in [from, to), in event order: the days after a cutoff, for replaying as traffic. */
  replay(request: { source?: string; from: number; to: number }): AsyncIterable<ReplayEvent<Input>>
}
