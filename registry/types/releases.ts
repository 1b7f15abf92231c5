import type { Stage, VerdictName } from '../../contracts/names.js'
import type { ReleaseManifest } from '../../contracts/types.js'
import type { ChainEntry } from './chain.js'

export interface ReleaseRef {
  readonly releaseId: string
  readonly digest: string
}

export interface ReleaseRecord extends ReleaseRef {
  readonly project: string
  readonly manifest: ReleaseManifest
  /** The run that registered it. */
  readonly workflowId: string
  readonly at: string
}

export interface ReleaseRunSummary {
  readonly project: string
  readonly workflowId: string
  readonly releaseId: string | null
  readonly startedAt: string
  /** As far as the chain shows it; the workflow's own state may be a step ahead. */
  readonly stage: Stage
  readonly verdict: VerdictName | null
  readonly reason: string | null
}

export interface ReleaseRunRecord extends ReleaseRunSummary {
  /** Everything recorded of this run, oldest first. */
  readonly entries: readonly ChainEntry[]
}
