import type { ExposureStep } from '../../contracts/ledger/index.js'
import type { ReleaseInput } from '../../contracts/types.js'
import type { Aliases } from '../aliases/aliases-area.js'

/** All that decides who answers a request, of one instant. */
export interface ExposureRecord extends Aliases {
  readonly project: string
  /** The newest registered release: soon a candidate. */
  readonly newestRelease: string | null
  readonly run: ExposedRun | null
}

export interface ExposedRun {
  readonly workflowId: string
  readonly phase: 'canary' | 'probation'
  readonly candidate: string
  readonly reference: string
  readonly input: ReleaseInput
  /** Of this phase, in order of force. */
  readonly steps: readonly ExposureStep[]
}

/** Which release answers which share of requests. */
export interface ExposureArea {
  read(project: string): Promise<ExposureRecord>
  /** Calls back with the project whose exposure may have changed, and with null when notices may have been missed. */
  listen(onChange: (project: string | null) => void): Promise<{ stop(): Promise<void> }>
}
