/**
 * Work that workers do without a command: recording labels that were corrected after the verdict that used them, the heads of
 * the ledgers outside of the database, and digest version 2 of days that an earlier build has closed.
 */

import { utcDay } from '../contracts/duration.js'
import type { Registry } from '../registry/index.js'
import { recordCorrections } from '../releases/label-corrections.js'
import { type Repeated, repeat } from './repeat.js'

const EVERY_MS = 5 * 60_000
/** Later passes find a correction again: its label may have an event time that the run's clock had not reached. */
const OVERLAP_MS = 24 * 3_600_000

interface Needs {
  readonly registry: Registry
  /** Wall time in epoch ms. */
  readonly now: () => number
}

export function startHousekeeping(needs: Needs, everyMs = EVERY_MS): Repeated {
  let since: string | null = null
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
  const recordNewCorrections = async () => {
    const began = needs.now()
    await recordAllCorrections(needs, since)
    since = new Date(began - OVERLAP_MS).toISOString()
  }
  return repeat(async () => {
    // Each by itself: without an artifact store, for example, corrections are still recorded. The next pass repeats what failed.
    for (const step of [recordNewCorrections, recordHeadsDaily, coverDaysOnce]) await step().catch(() => {})
  }, everyMs)
}

/**
 * Records corrections of every run with a verdict whose labels were corrected since. Idempotent, also across processes.
 */
export async function recordAllCorrections({ registry, now }: Needs, since: string | null): Promise<void> {
  for (const { workflowId } of await registry.labels.correctedRuns(since)) {
    const run = await registry.runs.get(workflowId)
    // Without a verdict the next look uses the corrected labels anyway.
    if (run.verdict !== null) await recordCorrections(registry, run, now())
  }
}
