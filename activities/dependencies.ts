import type { Project } from '../projects/project.js'
import type { ArtifactStore, Registry } from '../registry/index.js'
import type { runTrainer } from './training/run-trainer.js'

/** What activities need; a worker wires the real ones, a test its own clock. */
export interface Dependencies {
  readonly registry: Registry
  readonly artifacts: ArtifactStore
  readonly projects: ReadonlyMap<string, Project>
  /** Wall time in epoch ms; skipped time on the time-skipping server. */
  readonly now: () => number
  /** For snapshots and trainer output under way; may be lost without harm. */
  readonly workFolder: string
  /** How a trainer is run: in a process of its own when absent. */
  readonly runTrainer?: typeof runTrainer
}
