import type { ExposureRecord } from '../../contracts/exposure.js'

/** Which release answers which share of the requests. */
export interface ExposureArea {
  read(project: string): Promise<ExposureRecord>
  /**
   * Calls `onChange` with the project whose exposure may have changed, and with null when notices may have been missed.
   */
  listen(onChange: (project: string | null) => void): Promise<{ stop(): Promise<void> }>
}
