/**
 * The candidate of a shadow scores what production has answered. Nothing here reaches a caller: a request waits in a
 * bounded queue, is scored when there is time for it, and is dropped and counted where there is none. The rows do not
 * use the decision log: they are worth nothing while the database is away, and must not fill its queue or its spool.
 */
import { setImmediate as answersFirst, setTimeout as pause } from 'node:timers/promises'
import { errorText } from '../../contracts/error-text.js'
import { isShadowFailure, productionIdOf } from '../../contracts/shadow-decisions.js'
import { isShadowed, shadowShareOf } from '../../exposure/shadow.js'
import type { DecisionRow, Registry } from '../../registry/index.js'
import type { Monitor } from '../monitors/monitor.js'
import { type Answered, shadowRow } from './score-in-shadow.js'
import { type ShadowScorer, scoresInThisThread } from './scorer.js'

export interface ShadowLimits {
  /** Requests that wait to be scored. */
  readonly queue: number
  /** Characters of their inputs, and of those that are being scored, from which on no further request is taken. */
  readonly size: number
  /** Rows of one write: what a caller waits for competes with it for the database. */
  readonly batch: number
  /** Wall ms that a row waits for others: each write is a transaction. */
  readonly writeAfterMs: number
  /** Share of the event loop's time above which production needs it. */
  readonly busy: number
  /** Wall ms after which a scoring has failed. */
  readonly scoringMs: number
}

const LIMITS: ShadowLimits = {
  queue: 200,
  size: 32_000_000,
  batch: 50,
  writeAfterMs: 250,
  busy: 0.5,
  scoringMs: 10_000,
}
/** For a candidate in a thread of its own this one only sends, receives and writes. */
const BUSY_BESIDE_THREAD = 0.75
/** Wall ms over which that share is measured, and of a pause. */
const WINDOW_MS = 20
/** One search for labels that came before their shadow decision costs nearly as much for one decision as for many. */
const LABEL_AFTER_MS = 1_000
const LABEL_ROWS = 500

/** `shed`: not scored, or not stored. */
export type ShadowResult = 'scored' | 'failed' | 'shed'

export interface ShadowQueue {
  /** Never throws and never waits. */
  offer(answered: Answered): void
  readonly depth: number
  /** Characters of the inputs that wait or are being scored. */
  readonly size: number
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
  /** Where the candidate scores; in this thread when absent. */
  readonly scorer?: ((scoringMs: number) => ShadowScorer) | undefined
}

export function createShadowQueue(project: string, options: ShadowOptions): ShadowQueue {
  const { registry, monitor, now, onResult, onStored, onProblem } = options
  const limits = { ...LIMITS, ...options.limits }
  const waiting: Answered[] = []
  /** Decisions of production whose labels were not asked for since their shadow decisions were stored. */
  const stored: string[] = []
  const scorer = (options.scorer ?? scoresInThisThread)(limits.scoringMs)
  const busyShare = createBusyMeter()
  const isBusy = () => busyShare() > (scorer.sharesLoop ? limits.busy : (options.limits?.busy ?? BUSY_BESIDE_THREAD))
  let size = 0
  let closed = false
  let working: Promise<void> = Promise.resolve()
  let idle = true

  const report = (error: unknown) => onProblem?.(`shadow of ${project}: ${errorText(error)}`)

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
    stored.push(...rows.map(({ decisionId }) => productionIdOf(decisionId)))
  }

  const score = async (requests: readonly Answered[]): Promise<DecisionRow[]> => {
    const scored = await scorer.score(requests)
    size -= sizeOf(requests)
    const rows: DecisionRow[] = []
    for (const [index, request] of requests.entries()) {
      const [one, candidate] = [scored[index], request.tuples.other]
      if (one && candidate) rows.push(shadowRow(request, candidate, one, { monitor, now }))
    }
    if (rows.length < requests.length) onResult('shed', requests.length - rows.length)
    return rows
  }

  const work = async (): Promise<void> => {
    const rows: DecisionRow[] = []
    let [taken, writeAt, labelAt] = [0, 0, 0]
    while (waiting.length + rows.length + stored.length > 0) {
      await answersFirst()
      const begun = performance.now()
      if (stored.length === 0) labelAt = begun + LABEL_AFTER_MS
      else if (stored.length >= LABEL_ROWS || begun >= labelAt || closed) {
        await onStored(stored.splice(0)).catch(report)
        continue
      }
      if (rows.length >= limits.batch || (rows.length > 0 && (closed || begun >= writeAt))) {
        await write(rows.splice(0, limits.batch))
        writeAt = performance.now() + limits.writeAfterMs
        continue
      }
      if (waiting.length === 0 || (isBusy() && !closed)) {
        await pause(WINDOW_MS)
        continue
      }
      if (rows.length === 0) writeAt = begun + limits.writeAfterMs
      rows.push(...(await score(takeNext(waiting, scorer.most))))
      if (closed) continue
      taken += performance.now() - begun
      // Messages to a thread cost less for many requests than one by one.
      if (!scorer.sharesLoop) await pause(WINDOW_MS)
      // A large model takes its time in one piece: production gets as much before the next one.
      else if (taken >= WINDOW_MS) {
        await pause(taken)
        taken = 0
      }
    }
  }

  const start = (): void => {
    idle = false
    working = work()
      .catch(report)
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
      // Whatever its own size is: otherwise the sample would have fewer large inputs than production.
      if (closed || waiting.length >= limits.queue || size >= limits.size) return onResult('shed', 1)
      waiting.push(answered)
      size += answered.size
      if (idle) start()
    },
    get depth() {
      return waiting.length
    },
    get size() {
      return size
    },
    async close() {
      closed = true
      const dropped = waiting.splice(0)
      size -= sizeOf(dropped)
      if (dropped.length > 0) onResult('shed', dropped.length)
      await scorer.close()
      await working
    },
  }
}

const sizeOf = (requests: readonly Answered[]): number => requests.reduce((sum, one) => sum + one.size, 0)

/** The oldest requests, at most so many, which have the same candidate. */
function takeNext(waiting: Answered[], most: number): Answered[] {
  const candidate = waiting[0]?.tuples.other
  const other = waiting.findIndex(({ tuples }) => tuples.other !== candidate)
  return waiting.splice(0, Math.min(most, other < 0 ? waiting.length : other))
}

/** The share of the last window in which the event loop was busy. */
function createBusyMeter(): () => number {
  let since = performance.eventLoopUtilization()
  let begun = performance.now()
  let busy = 0
  return () => {
    if (performance.now() - begun < WINDOW_MS) return busy
    const newest = performance.eventLoopUtilization()
    busy = performance.eventLoopUtilization(newest, since).utilization
    since = newest
    begun = performance.now()
    return busy
  }
}
