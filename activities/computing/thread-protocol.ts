/** What a worker and a thread of it exchange: one job, one answer. */
import type { EvaluateRequest } from '../../projects/project.js'
import type { CheckRequest } from '../training/check-artifact.js'
import type { ErrorParts } from './error-transfer.js'
import type { ImportRequest } from './project-work.js'

export interface ThreadWork {
  /** The project's compiled module, and what it was compiled from. */
  readonly module: string
  readonly source: string
  readonly job:
    | { readonly kind: 'import'; readonly request: ImportRequest }
    | { readonly kind: 'evaluate'; readonly request: EvaluateRequest }
    | { readonly kind: 'check'; readonly request: CheckRequest }
}

export type ThreadAnswer = { readonly result: unknown } | { readonly error: ErrorParts }
