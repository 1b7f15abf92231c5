/**
 * The decision log. A decision that was answered is durable: in the database or, while the database cannot be reached,
 * in the spool of this machine. Writes are batched: everything that arrives during one flush is in the next one. The
 * queue is bounded, and a decision that does not fit is refused, never dropped.
 */
import { errorText } from '../../contracts/error-text.js'
import {
  type DecisionRow,
  type Registry,
  requireRecordableDecision,
  type StoredDecision,
} from '../../registry/index.js'
import { isUnavailable } from '../unavailable.js'
import { createDatabaseWriter } from './database-writer.js'
import { handOver } from './hand-over.js'
import { createSpool } from './spool.js'
import { createSpooledAnswers } from './spooled-answers.js'

export interface LogLimits {
  /** Rows that wait for a flush. */
  readonly queue: number
  /** Rows of one flush. */
  readonly batch: number
  /** Flushes at the same time. */
  readonly lanes: number
  /** Wall ms after which a flush without an answer counts as failed. */
  readonly flushTimeoutMs: number
  readonly spoolBytes: number
}

const LIMITS: LogLimits = { queue: 5_000, batch: 1_000, lanes: 2, flushTimeoutMs: 3_000, spoolBytes: 256 << 20 }

/** The queue or the spool is full: the client has to send the request again later. */
export class Overloaded extends Error {}

interface Waiting {
  readonly row: DecisionRow
  readonly done: (stored: StoredDecision | null) => void
  readonly failed: (error: unknown) => void
}

export interface DecisionLog {
  /**
   * Resolves once the row is durable: with null, or for a caller's own id with the stored decision, which may be an
   * earlier one.
   * @throws Overloaded when it cannot be taken now
   * @throws SlipwayError BadRequest for a row that the database would refuse, also while it is away
   */
  write(row: DecisionRow): Promise<StoredDecision | null>
  readonly depth: number
  readonly spooled: number
  /** The name of the spool of this log; null while there is none. */
  readonly spoolFile: string | null
  /** Takes no more rows, and resolves when all that were taken are durable. */
  close(): Promise<void>
}

export interface LogOptions {
  readonly spoolFolder: string
  readonly limits?: Partial<LogLimits> | undefined
  readonly onFlush?: (rows: number, ms: number) => void
  readonly onProblem?: (text: string) => void
  /** Ids of decisions that were spooled and are in the database now. */
  readonly onSpooledWritten?: (ids: readonly string[]) => void
}

/** Where flushes go. During `handing_over` they wait until the last spooled rows are in the database. */
type Target = 'database' | 'spool' | 'handing_over'

export function createDecisionLog(
  project: string,
  registry: Pick<Registry, 'evidence'>,
  options: LogOptions,
): DecisionLog {
  const limits = { ...LIMITS, ...options.limits }
  const { onFlush, onProblem, onSpooledWritten } = options
  const spool = createSpool(options.spoolFolder, project)
  const spooledAnswers = createSpooledAnswers(project)
  const database = createDatabaseWriter(project, registry, {
    timeoutMs: limits.flushTimeoutMs,
    onFlush,
    onProblem,
    onSpooledWritten,
  })
  const queue: Waiting[] = []
  let target: Target = 'database'
  let flushing = 0
  let closed = false
  let handingOver: Promise<void> = Promise.resolve()
  const idle: (() => void)[] = []

  const toSpool = async (batch: readonly Waiting[]) => {
    try {
      await spool.append(spooledAnswers.notYetSpooled(batch.map(({ row }) => row)))
    } catch (error) {
      for (const { failed } of batch) failed(error)
      return
    }
    for (const { row, done } of batch) done(spooledAnswers.answerTo(row))
  }

  const flush = async (batch: readonly Waiting[]): Promise<void> => {
    if (target === 'spool') return toSpool(batch)
    try {
      const stored = await database.write(batch.map(({ row }) => row))
      for (const { row, done } of batch) done(row.fresh ? null : (stored.get(row.decisionId) ?? null))
    } catch (error) {
      if (isUnavailable(error)) {
        if (target === 'database') {
          target = 'spool'
          handingOver = startHandOver()
        }
        return toSpool(batch)
      }
      // If the database refuses one row, the others must still be written.
      const [only] = batch
      if (batch.length === 1) only?.failed(error)
      else {
        const half = batch.length >> 1
        await flush(batch.slice(0, half))
        await flush(batch.slice(half))
      }
    }
  }

  const pump = (): void => {
    // Appends to the spool must not overlap.
    const lanes = target === 'spool' ? 1 : limits.lanes
    while (target !== 'handing_over' && flushing < lanes && queue.length > 0) {
      flushing += 1
      void flush(queue.splice(0, limits.batch)).finally(() => {
        flushing -= 1
        if (flushing === 0) for (const wake of idle.splice(0)) wake()
        pump()
      })
    }
  }
  const untilIdle = (): Promise<void> =>
    flushing === 0 ? Promise.resolve() : new Promise((resolve) => idle.push(() => resolve()))

  const startHandOver = async (): Promise<void> => {
    const finished = await handOver(spool, database, {
      stopped: () => closed,
      report: (error) =>
        onProblem?.(`spooled decisions of ${project} are not in the database yet: ${errorText(error)}`),
      async pauseFlushes() {
        target = 'handing_over'
        await untilIdle()
      },
      resumeSpooling() {
        target = 'spool'
        pump()
      },
    })
    if (!finished) return
    spooledAnswers.clear()
    target = 'database'
    pump()
  }

  return {
    get depth() {
      return queue.length
    },
    get spooled() {
      return spool.backlog
    },
    get spoolFile() {
      return spool.file
    },
    async write(row) {
      if (closed) throw new Overloaded('the service is stopping')
      if (queue.length >= limits.queue) throw new Overloaded('the decision log is behind')
      if (spool.backlog >= limits.spoolBytes) throw new Overloaded('the database is away and the spool is full')
      requireRecordableDecision(project, row)
      return new Promise((done, failed) => {
        queue.push({ row, done, failed })
        pump()
      })
    },
    async close() {
      closed = true
      pump()
      await handingOver
      while (queue.length > 0 || flushing > 0) await untilIdle()
      // Durable: the next process with this folder writes them to the database.
      await spool.leave()
    },
  }
}
