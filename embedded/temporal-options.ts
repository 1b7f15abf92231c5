import type { Progress } from './progress.js'

export interface TemporalOptions {
  readonly home: string
  readonly port?: number
  readonly uiPort?: number
  readonly onProgress?: Progress
  /** Keeps nothing, adopts nothing and leaves no state: for tests. */
  readonly inMemory?: boolean
  /** Aborted while it starts: it is ended again, and starting rejects. */
  readonly signal?: AbortSignal
}

export interface TemporalServer {
  readonly address: string
  readonly uiUrl: string
  readonly pid: number
  /** True when it was running already. */
  readonly adopted: boolean
  /** Ends the server unless another process still uses it. */
  stop(): Promise<void>
}
