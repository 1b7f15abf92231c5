/** What workers look after by themselves: labels that were corrected after the verdict they led to. */

import type { Registry } from '../registry/index.js'
import { recordCorrections } from '../releases/label-corrections.js'

const EVERY_MS = 5 * 60_000
/** A correction is found again by the next passes: its label may be of an instant that the run's clock had not reached. */
const OVERLAP_MS = 24 * 3_600_000

export interface Housekeeping {
  /** Resolves when nothing of it is under way. */
  stop(): Promise<void>
}

interface Needs {
  readonly registry: Registry
  /** Wall time in epoch ms. */
  readonly now: () => number
}

/** At once, and then every few minutes. What one pass could not do, for lack of a database say, the next one does. */
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

/** Of every run with a verdict whose labels were corrected since; recorded once each, whoever else records them. */
export async function recordAllCorrections({ registry, now }: Needs, since: string | null): Promise<void> {
  for (const { workflowId } of await registry.labels.correctedRuns(since)) {
    const run = await registry.runs.get(workflowId)
    // Without a verdict the next look sees labels as they are then.
    if (run.verdict !== null) await recordCorrections(registry, run, now())
  }
}
