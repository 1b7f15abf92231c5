import type { Progress } from './progress.js'

export interface TemporalOptions {
  readonly home: string
  readonly port?: number
  readonly uiPort?: number
  readonly onProgress?: Progress
  /** For tests: keeps no data, adopts no running server and leaves no state file. */
  readonly inMemory?: boolean
  /** Aborting it during the start stops the server, and the start rejects. */
  readonly signal?: AbortSignal
}

export interface TemporalServer {
  readonly address: string
  readonly uiUrl: string
  readonly pid: number
  /** True when the server was already running. */
  readonly adopted: boolean
  /** Stops the server unless another process still uses it. */
  stop(): Promise<void>
}
