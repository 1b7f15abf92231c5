import type { Project } from '../projects/project.js'
import type { ArtifactStore, Registry } from '../registry/index.js'
import type { Prover } from '../releases/identity/prover.js'
import type { ProjectWork } from './computing/project-work.js'
import type { RunTrainer } from './training/run-trainer.js'

/** What activities need. A worker passes the real ones, a test may pass its own clock. */
export interface Dependencies {
  readonly registry: Registry
  readonly artifacts: ArtifactStore
  readonly projects: ReadonlyMap<string, Project>
  /** Wall time in epoch ms; the server's time on a time-skipping test server. */
  readonly now: () => number
  /** Verifies proofs of names; absent: no name can be proven. */
  readonly prover?: Prover | undefined
  /** For unfinished snapshots and trainer output; losing it does no harm. */
  readonly workFolder: string
  /** Runs a trainer; in a separate process when absent. */
  readonly runTrainer?: RunTrainer
  /** Imports data, evaluates candidates and checks their artifacts; in this thread when absent. */
  readonly projectWork?: ProjectWork
}
