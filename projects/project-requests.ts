/** What a project's functions are given and what they return, besides values of single decisions. */
import type { Arm } from '../contracts/names.js'
import type { ActionPolicy, GatePolicy, OfflinePolicy, SnapshotManifest } from '../contracts/types.js'
import type { Label, Output } from './project-values.js'
import type { SourceProblems } from './source-format.js'

export interface SnapshotRequest {
  /** A user's file or folder, as given with `--snapshot`; the project's default data when absent. */
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
