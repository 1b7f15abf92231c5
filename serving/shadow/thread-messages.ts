/** What a decision service and a thread that scores for a shadow exchange. */
import type { ReleaseManifest } from '../../contracts/types.js'
import type { LoadedRelease } from '../../projects/project.js'
import type { Scored } from './score-in-shadow.js'

export interface ThreadStart {
  /** The thread's module: compiled where the service runs compiled. */
  readonly program: string
  /** The project's folder. */
  readonly folder: string
  readonly scoringMs: number
}

export interface ThreadBatch {
  /** The candidate, with the first batch that it scores. */
  readonly candidate?: {
    readonly releaseId: string
    readonly manifest: ReleaseManifest
    readonly loaded: LoadedRelease
  }
  readonly inputs: readonly unknown[]
}

export type ThreadMessage =
  /** The project is loaded; the candidate is; a long batch is not over yet. */
  | { readonly kind: 'ready' | 'loaded' | 'alive' }
  /** The project or the candidate cannot be loaded in a thread. */
  | { readonly kind: 'unable'; readonly problem: string }
  | { readonly kind: 'scored'; readonly scored: readonly Scored[] }
