import { setTimeout as sleep } from 'node:timers/promises'
import { SlipwayError } from '../contracts/failure.js'
import type { VerdictName } from '../contracts/names.js'
import type { LedgerEntry, Registry } from '../registry/index.js'

const ATTEMPTS = 20

/**
 * Calls back with each new entry of a run, until its verdict. A registry that does not answer is asked again, because
 * the release itself also continues after such a failure.
 * @throws SlipwayError Unavailable if the registry does not answer 20 times in a row
 */
export async function followRun(
  registry: { readonly runs: Pick<Registry['runs'], 'get'> },
  id: string,
  onEntry: (entry: LedgerEntry) => void,
  everyMs = 500,
): Promise<VerdictName> {
  // A release id is resolved once: a later run of the same release does not replace the one that is followed.
  let followed = id
  let after = 0
  let failures = 0
  for (;;) {
    const run = await registry.runs.get(followed, { after }).catch((error: unknown) => {
      failures += 1
      if (!(error instanceof SlipwayError) || error.type !== 'Unavailable' || failures >= ATTEMPTS) throw error
      return undefined
    })
    if (run) {
      failures = 0
      followed = run.workflowId
      for (const entry of run.entries) onEntry(entry)
      after = run.entries.at(-1)?.seq ?? after
      if (run.verdict !== null) return run.verdict
    }
    await sleep(everyMs)
  }
}
