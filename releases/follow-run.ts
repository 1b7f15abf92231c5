import { setTimeout as sleep } from 'node:timers/promises'
import { SlipwayError } from '../contracts/failure.js'
import type { LedgerEntry, Registry } from '../registry/index.js'

const TRIES = 20

/**
 * Calls back with each entry of a run that is new in the registry, until its verdict. A registry that does not answer is asked
 * again, as the release itself does: whoever only looks on must not end for less.
 * @throws SlipwayError Unavailable when it does not answer many times in a row
 */
export async function followRun(
  registry: { readonly runs: Pick<Registry['runs'], 'get'> },
  id: string,
  onEntry: (entry: LedgerEntry) => void,
  everyMs = 500,
): Promise<void> {
  let seen = 0
  let silent = 0
  for (;;) {
    const run = await registry.runs.get(id).catch((error: unknown) => {
      silent += 1
      if (!(error instanceof SlipwayError) || error.type !== 'Unavailable' || silent >= TRIES) throw error
      return undefined
    })
    if (run) {
      silent = 0
      for (const entry of run.entries.slice(seen)) onEntry(entry)
      seen = run.entries.length
      if (run.verdict !== null) return
    }
    await sleep(everyMs)
  }
}
