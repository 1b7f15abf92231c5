/**
 * The guarantee: a decision that was answered is durable, in the database or, while that is away, in the spool of this machine. Writing
 * is batched by itself: whatever arrived during one flush is the next one. The queue is bounded, and what does not fit is
 * refused, never dropped.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { SlipwayError } from '../../contracts/failure.js'
import type { DecisionRow, Registry, StoredDecision } from '../../registry/index.js'
import { createSpool } from './spool.js'

export interface LogLimits {
  /** Rows waiting for a flush. */
  readonly queue: number
  /** Rows a flush. */
  readonly batch: number
  /** Flushes at once. */
  readonly lanes: number
  /** Wall ms after which a flush that has not answered counts as away. */
  readonly patienceMs: number
  readonly spoolBytes: number
}

const LIMITS: LogLimits = { queue: 5_000, batch: 1_000, lanes: 2, patienceMs: 3_000, spoolBytes: 256 << 20 }
const PROBE_MS = 250
/** So little is left that requests can wait while it is written over. */
const LAST_BYTES = 1 << 20

/** The queue or the spool is full: the request is to come back. */
export class Overloaded extends Error {}

interface Waiting {
  readonly row: DecisionRow
  readonly done: (stored: StoredDecision | null) => void
  readonly failed: (error: unknown) => void
}

export interface DecisionLog {
  /**
   * Resolves once durable: with null, or for an id that the caller made up with what stands under it, which may be an earlier answer.
   * @throws Overloaded when it cannot be taken now
   */
  write(row: DecisionRow): Promise<StoredDecision | null>
  readonly depth: number
  readonly spooled: number
  /** Takes no more, and resolves when everything taken is durable. */
  close(): Promise<void>
}

export interface LogOptions {
  readonly spoolFolder: string
  readonly limits?: Partial<LogLimits> | undefined
  readonly onFlush?: (rows: number, ms: number) => void
  readonly onProblem?: (text: string) => void
}

export function createDecisionLog(
  project: string,
  registry: Pick<Registry, 'evidence'>,
  options: LogOptions,
): DecisionLog {
  const limits = { ...LIMITS, ...options.limits }
  const spool = createSpool(options.spoolFolder, project)
  const queue: Waiting[] = []
  /** Ids callers made up that are in the spool, with their answers. */
  const spooledIds = new Map<string, StoredDecision>()
  let where: 'database' | 'spool' | 'handing over' = 'database'
  let flights = 0
  let closed = false
  let probing: Promise<void> = Promise.resolve()
  const idle: (() => void)[] = []

  const toDatabase = async (rows: readonly DecisionRow[]) => {
    const begun = performance.now()
    const stored = await within(limits.patienceMs, registry.evidence.logDecisions(project, rows))
    options.onFlush?.(rows.length, performance.now() - begun)
    return new Map(stored.map((row) => [row.decisionId, row]))
  }

  /** Spooled rows were answered: one that the database refuses is left out, and said, rather than keep all others from it. */
  const eachTo = async (rows: readonly DecisionRow[]) => {
    try {
      await toDatabase(rows)
    } catch (error) {
      if (isAway(error)) throw error
      for (const row of rows) {
        await toDatabase([row]).catch((refusal: unknown) => {
          if (isAway(refusal)) throw refusal
          options.onProblem?.(`spooled decision ${row.decisionId} was refused: ${refusal}`)
        })
      }
    }
  }

  const toSpool = async (batch: readonly Waiting[]) => {
    const fresh = batch.filter(({ row }) => row.fresh || !spooledIds.has(row.decisionId))
    try {
      await spool.append(fresh.map(({ row }) => row))
    } catch (error) {
      for (const { failed } of batch) failed(error)
      return
    }
    for (const { row, done } of batch) {
      if (!row.fresh && !spooledIds.has(row.decisionId)) spooledIds.set(row.decisionId, asStored(project, row))
      done(row.fresh ? null : (spooledIds.get(row.decisionId) ?? null))
    }
  }

  const flush = async (batch: readonly Waiting[]): Promise<void> => {
    if (where === 'spool') return toSpool(batch)
    try {
      const stored = await toDatabase(batch.map(({ row }) => row))
      for (const { row, done } of batch) done(row.fresh ? null : (stored.get(row.decisionId) ?? null))
    } catch (error) {
      if (isAway(error)) {
        if (where === 'database') {
          where = 'spool'
          probing = handOver()
        }
        return toSpool(batch)
      }
      // One row that the database refuses must not take the others with it.
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
    // Appends to the spool go one after the other.
    const lanes = where === 'spool' ? 1 : limits.lanes
    while (where !== 'handing over' && flights < lanes && queue.length > 0) {
      flights += 1
      void flush(queue.splice(0, limits.batch)).finally(() => {
        flights -= 1
        if (flights === 0) for (const wake of idle.splice(0)) wake()
        pump()
      })
    }
  }
  const untilIdle = (): Promise<void> =>
    flights === 0 ? Promise.resolve() : new Promise((resolve) => idle.push(() => resolve()))

  /** Until all that was spooled is in the database; then that is written to again. */
  const handOver = async (): Promise<void> => {
    for (;;) {
      if (closed) {
        where = 'spool'
        return pump()
      }
      try {
        if (spool.backlog <= LAST_BYTES) {
          where = 'handing over'
          await untilIdle()
        }
        const rows = await spool.peek()
        if (rows.length > 0) await eachTo(rows)
        await spool.advance()
        if (spool.backlog > 0) continue
        if (where === 'handing over') break
      } catch {
        where = 'spool'
        pump()
        await pause(PROBE_MS)
      }
    }
    spooledIds.clear()
    where = 'database'
    pump()
  }

  return {
    get depth() {
      return queue.length
    },
    get spooled() {
      return spool.backlog
    },
    write(row) {
      if (closed) return Promise.reject(new Overloaded('the service is stopping'))
      if (queue.length >= limits.queue) return Promise.reject(new Overloaded('the decision log is behind'))
      if (spool.backlog >= limits.spoolBytes)
        return Promise.reject(new Overloaded('the database is away and the spool is full'))
      return new Promise((done, failed) => {
        queue.push({ row, done, failed })
        pump()
      })
    },
    async close() {
      closed = true
      pump()
      await probing
      while (queue.length > 0 || flights > 0) await untilIdle()
      // What stays in the spool is durable; the next process of this machine writes it over.
    },
  }
}

const asStored = (project: string, row: DecisionRow): StoredDecision => ({
  project,
  decisionId: row.decisionId,
  releaseId: row.releaseId,
  arm: row.arm,
  action: row.action,
  output: row.output as StoredDecision['output'],
  inputDigest: row.inputDigest ?? null,
})

const isAway = (error: unknown): boolean => error instanceof SlipwayError && error.type === 'Unavailable'

/** A flush without an answer may have been made: whoever writes its rows again must not take them for new. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new SlipwayError('Unavailable', `the database has not answered for ${ms} ms`)), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
    work.catch(() => {})
  }
}
