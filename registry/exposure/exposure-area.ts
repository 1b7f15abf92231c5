import type { ExposureRecord } from '../../contracts/exposure.js'

/** Which release answers which share of the requests. */
export interface ExposureArea {
  read(project: string): Promise<ExposureRecord>
  /**
   * Keeps a wider step of this run's live canary from beginning whose first day is still to come: the step is recorded
   * again with the share in force. The next attempt of a look that is not paused records it once more.
   */
  hold(run: { project: string; workflowId: string }): Promise<void>
  /**
   * Calls `onChange` with the project whose exposure may have changed, and with null when notices may have been missed.
   */
  listen(onChange: (project: string | null) => void): Promise<{ stop(): Promise<void> }>
}
