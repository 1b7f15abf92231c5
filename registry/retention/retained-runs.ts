/** What the runs of a project may still need, read from its ledger. */
import { durationMs } from '../../contracts/duration.js'
import { type LedgerEntry, runOf } from '../../contracts/ledger/index.js'

export interface RetainedRun {
  readonly workflowId: string
  /** Epoch ms of wall time. */
  readonly startedAt: number
  readonly endedAt: number | null
  /** Whether it has a candidate; before that it may be writing bytes that no entry names yet. */
  readonly hasRelease: boolean
  readonly labelHorizonMs: number
}

/** @param entries of one project, oldest first */
export function runsOf(entries: readonly LedgerEntry[]): RetainedRun[] {
  const runs = new Map<string, RetainedRun>()
  for (const entry of entries) {
    const workflowId = runOf(entry)
    const run = runs.get(workflowId)
    if (entry.kind === 'trigger') {
      const { policy } = entry.body
      runs.set(workflowId, {
        workflowId,
        startedAt: Date.parse(entry.at),
        endedAt: null,
        hasRelease: false,
        labelHorizonMs: durationMs(policy.labelHorizon),
      })
    } else if (run && entry.kind === 'verdict') runs.set(workflowId, { ...run, endedAt: Date.parse(entry.at) })
    // A release that another run registered before gets no second entry; then the evaluation names it first.
    else if (run && (entry.kind === 'release' || entry.kind === 'evaluation'))
      runs.set(workflowId, { ...run, hasRelease: true })
  }
  return [...runs.values()]
}

export const isOpen = ({ endedAt }: RetainedRun): boolean => endedAt === null

/**
 * Why decisions of `day` may still be needed: by an open run, or by a run whose labels may still be corrected. Rows are
 * written while a run is open, so a day before its start contains none of its rows.
 * @param day UTC, as `2026-11-25` @param now epoch ms of wall time
 */
export function needsDay(runs: readonly RetainedRun[], day: string, now: number): string | undefined {
  const end = Date.parse(day) + durationMs('1d')
  for (const { workflowId, startedAt, endedAt, labelHorizonMs } of runs) {
    if (startedAt >= end) continue
    if (endedAt === null) return `${workflowId} is open`
    if (Date.parse(day) <= endedAt && endedAt + labelHorizonMs > now)
      return `labels used by the verdict of ${workflowId} may still be corrected`
  }
  return undefined
}
