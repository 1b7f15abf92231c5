/**
 * Work that workers do without a command: recording labels that were corrected after the verdict that used them, the
 * heads of the ledgers outside of the database, and digest version 2 of days that an earlier build has closed.
 */

import { utcDay } from '../contracts/duration.js'
import { SlipwayError } from '../contracts/failure.js'
import type { Registry } from '../registry/index.js'
import { recordCorrections } from '../releases/label-corrections.js'
import { type Repeated, repeat } from './repeat.js'

const EVERY_MS = 5 * 60_000
/**
 * Later passes find a correction again: its label may have an event time that the run's clock had not reached, or it
 * was committed after the pass that began with its instant.
 */
const OVERLAP_MS = 24 * 3_600_000

interface Needs {
  readonly registry: Registry
  /** Wall time in epoch ms. */
  readonly now: () => number
}

export function startHousekeeping(needs: Needs, everyMs = EVERY_MS): Repeated {
  let covered = false
  let headsOf = ''
  const recordHeadsDaily = async () => {
    const today = utcDay(needs.now())
    if (headsOf === today) return
    const { name } = await needs.registry.ledger.recordHeads()
    // By the clock of the database, which names the object; near midnight the next pass asks again.
    if (name?.includes(today)) headsOf = today
  }
  const coverDaysOnce = async () => {
    // This build closes days in version 2.
    if (!covered) await needs.registry.retention.coverDays()
    covered = true
  }
  return repeat(async () => {
    // Each by itself: without an artifact store, for example, corrections are still recorded. The next pass repeats
    // what failed.
    for (const step of [() => recordNewCorrections(needs), recordHeadsDaily, coverDaysOnce])
      await step().catch(() => {})
  }, everyMs)
}

/**
 * Records corrections of every run with a verdict whose labels were corrected since the last pass of any worker.
 * Idempotent, also across processes.
 */
export async function recordNewCorrections({ registry, now }: Needs): Promise<void> {
  const { now: began, recordedThrough } = await registry.labels.correctionTimes()
  const since = recordedThrough && new Date(Date.parse(recordedThrough) - OVERLAP_MS).toISOString()
  const corrected = await registry.labels.correctedRuns(since)
  const workflowIds = corrected.map(({ workflowId }) => workflowId)
  const runs = workflowIds.length === 0 ? [] : await registry.runs.list(undefined, { workflowIds })
  // Before its verdict a run was left out: the next look uses the corrected labels. But the verdict may come without
  // one.
  const ended = recordedThrough === null ? [] : await registry.runs.list(undefined, { endedSince: recordedThrough })
  const checked = new Set([...runs, ...ended].flatMap((run) => (run.verdict === null ? [] : [run.workflowId])))
  for (const workflowId of checked) {
    try {
      await recordCorrections(registry, await registry.runs.get(workflowId, { kinds: ['trigger', 'clock'] }), now())
    } catch (error) {
      // One run whose record is damaged must not keep the others waiting; `judge corrections` shows what it is.
      if (!(error instanceof SlipwayError) || error.type === 'Unavailable') throw error
    }
  }
  await registry.labels.recordedCorrections(began)
}
