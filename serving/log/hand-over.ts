import { setTimeout as sleep } from 'node:timers/promises'
import { isUnavailable } from '../unavailable.js'
import type { DatabaseWriter } from './database-writer.js'
import type { Spool } from './spool.js'

const RETRY_MS = 250
/** With at most this much left in the spool, flushes can wait until it is written. */
const LAST_BYTES = 1 << 20

export interface HandOverControl {
  readonly stopped: () => boolean
  /** Resolves when no flush is under way; none begins until spooling resumes or the hand-over ends. */
  pauseFlushes(): Promise<void>
  /** Something else than an unreachable database delays it. */
  report(error: unknown): void
  /** Flushes go to the spool again. */
  resumeSpooling(): void
}

/**
 * Moves all spooled rows into the database, retrying while it cannot be reached. @returns false when it was stopped
 * before the end
 */
export async function handOver(spool: Spool, database: DatabaseWriter, control: HandOverControl): Promise<boolean> {
  for (;;) {
    if (control.stopped()) {
      control.resumeSpooling()
      return false
    }
    try {
      const last = spool.backlog <= LAST_BYTES
      if (last) await control.pauseFlushes()
      const { rows, refused } = await spool.peek()
      await spool.advance([...refused, ...(await database.writeSpooled(rows))])
      if (last && spool.backlog === 0) return true
    } catch (error) {
      if (!isUnavailable(error)) control.report(error)
      control.resumeSpooling()
      await sleep(RETRY_MS)
    }
  }
}
