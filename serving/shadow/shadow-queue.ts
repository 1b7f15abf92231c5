/**
 * The candidate of a shadow scores what production has answered. Nothing here reaches a caller: a request waits in a
 * bounded queue, is scored when this process has time for it, and is dropped and counted where it has none. The rows do
 * not use the decision log: they are worth nothing while the database is away, and must not fill its queue or its spool.
 */
import { setImmediate as answersFirst, setTimeout as pause } from 'node:timers/promises'
import { errorText } from '../../contracts/error-text.js'
import { isShadowFailure, productionIdOf } from '../../contracts/shadow-decisions.js'
import { isShadowed, shadowShareOf } from '../../exposure/shadow.js'
import type { DecisionRow, Registry } from '../../registry/index.js'
import type { Monitor } from '../monitors/monitor.js'
import { type Answered, scoreInShadow } from './score-in-shadow.js'

export interface ShadowLimits {
  /** Requests that wait to be scored. */
  readonly queue: number
  /** Rows of one write. */
  readonly batch: number
  /** Wall ms that a row waits for others: each write is a transaction beside those that a caller waits for. */
  readonly writeAfterMs: number
  /** Share of the event loop's time above which production needs it. */
  readonly busy: number
  /** Wall ms after which a scoring has failed. */
  readonly scoringMs: number
}

const LIMITS: ShadowLimits = { queue: 200, batch: 500, writeAfterMs: 250, busy: 0.5, scoringMs: 10_000 }
/** Wall ms over which that share is measured, and of a pause. */
const WINDOW_MS = 20

/** `shed`: not scored, or not stored. */
export type ShadowResult = 'scored' | 'failed' | 'shed'

export interface ShadowQueue {
  /** Never throws and never waits. */
  offer(answered: Answered): void
  readonly depth: number
  /** Drops what was not scored, writes what was, and resolves when nothing is scored or written any more. */
  close(): Promise<void>
}

export interface ShadowOptions {
  readonly registry: Pick<Registry, 'evidence'>
  readonly monitor: Monitor
  readonly now: () => number
  readonly onResult: (result: ShadowResult, requests: number) => void
  /** The decisions of production whose shadow decisions are in the database now. */
  readonly onStored: (ids: readonly string[]) => Promise<void>
  readonly onProblem?: ((text: string) => void) | undefined
  readonly limits?: Partial<ShadowLimits> | undefined
}

export function createShadowQueue(project: string, options: ShadowOptions): ShadowQueue {
  const { registry, monitor, now, onResult, onStored, onProblem } = options
  const limits = { ...LIMITS, ...options.limits }
  const waiting: Answered[] = []
  const isBusy = createBusyMeter(limits.busy)
  let closed = false
  let working: Promise<void> = Promise.resolve()
  let idle = true

  const write = async (rows: readonly DecisionRow[]): Promise<void> => {
    const failed = rows.filter(isShadowFailure).length
    if (rows.length === 0) return
    try {
      await registry.evidence.logShadowDecisions(project, rows)
      onResult('failed', failed)
      onResult('scored', rows.length - failed)
    } catch (error) {
      onResult('shed', rows.length)
      onProblem?.(`${rows.length} shadow decisions of ${project} were not stored: ${errorText(error)}`)
      return
    }
    await onStored(rows.map(({ decisionId }) => productionIdOf(decisionId)))
  }

  const work = async (): Promise<void> => {
    let rows: DecisionRow[] = []
    let [taken, writeAt] = [0, 0]
    while (waiting.length > 0 || rows.length > 0) {
      await answersFirst()
      const begun = performance.now()
      if (rows.length >= limits.batch || (rows.length > 0 && (closed || begun >= writeAt))) {
        await write(rows)
        rows = []
        continue
      }
      if (waiting.length === 0 || (isBusy() && !closed)) {
        await pause(WINDOW_MS)
        continue
      }
      const next = waiting.shift()
      const { other } = next?.tuples ?? {}
      if (next && other) {
        rows.push(await scoreInShadow(next, other, { monitor, now, scoringMs: limits.scoringMs }))
        if (rows.length === 1) writeAt = performance.now() + limits.writeAfterMs
      }
      taken += performance.now() - begun
      // A large model takes its time in one piece: production gets as much before the next one.
      if (taken < WINDOW_MS || closed) continue
      await pause(taken)
      taken = 0
    }
  }

  const start = (): void => {
    idle = false
    working = work()
      .catch((error) => onProblem?.(`shadow of ${project}: ${errorText(error)}`))
      .then(() => {
        idle = true
        // One that arrived after the last check.
        if (waiting.length > 0) start()
      })
  }

  return {
    offer(answered) {
      const { tuples, row } = answered
      const { run } = tuples.record
      if (!run || !tuples.other || !isShadowed(row.entityHash, shadowShareOf(run))) return
      if (closed || waiting.length >= limits.queue) return onResult('shed', 1)
      waiting.push(answered)
      if (idle) start()
    },
    get depth() {
      return waiting.length
    },
    async close() {
      closed = true
      const dropped = waiting.splice(0).length
      if (dropped > 0) onResult('shed', dropped)
      await working
    },
  }
}

/** Whether the event loop was busy for more than this share of the last window. */
function createBusyMeter(most: number): () => boolean {
  let since = performance.eventLoopUtilization()
  let begun = performance.now()
  let busy = false
  return () => {
    if (performance.now() - begun < WINDOW_MS) return busy
    const newest = performance.eventLoopUtilization()
    busy = performance.eventLoopUtilization(newest, since).utilization > most
    since = newest
    begun = performance.now()
    return busy
  }
}
