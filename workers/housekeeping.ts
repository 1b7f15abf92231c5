/** Work that workers do without a command: recording labels that were corrected after the verdict that used them. */

import type { Registry } from '../registry/index.js'
import { recordCorrections } from '../releases/label-corrections.js'

const EVERY_MS = 5 * 60_000
/** Later passes find a correction again: its label may have an event time that the run's clock had not reached. */
const OVERLAP_MS = 24 * 3_600_000

export interface Housekeeping {
  /** Resolves when the current pass has ended. */
  stop(): Promise<void>
}

interface Needs {
  readonly registry: Registry
  /** Wall time in epoch ms. */
  readonly now: () => number
}

/**
 * Runs at once, and then every few minutes. When a pass fails, for example without a database, the next one repeats it.
 */
export function startHousekeeping(needs: Needs, everyMs = EVERY_MS): Housekeeping {
  let since: string | null = null
  let busy: Promise<void> | undefined
  const pass = async () => {
    const began = needs.now()
    await recordAllCorrections(needs, since)
    since = new Date(began - OVERLAP_MS).toISOString()
  }
  const begin = () => {
    busy ??= pass()
      .catch(() => {})
      .finally(() => {
        busy = undefined
      })
  }
  begin()
  const timer = setInterval(begin, everyMs)
  return {
    async stop() {
      clearInterval(timer)
      await busy
    },
  }
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
