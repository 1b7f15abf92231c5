import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from '@temporalio/client'
import type { Command } from 'commander'
import { errorText } from '../../contracts/error-text.js'
import type { Registry } from '../../registry/index.js'
import { followRun } from '../../releases/follow-run.js'
import { type PendingWork, pendingText, pendingWork } from '../../releases/pending-work.js'
import { progress, show } from '../runtime/output.js'
import { connectClient, findTemporal } from '../runtime/platform.js'
import { secondOf, zoneName } from '../runtime/wall-time.js'
import { withRegistry } from '../runtime/with-registry.js'
import { entryText } from '../views/release-view.js'
import { failUnlessOption, meets, type WantedVerdict } from './fail-unless.js'

interface Options {
  failUnless?: WantedVerdict
  json?: boolean
}

const POLL_MS = 1_000

export function registerWatchCommand(release: Command): void {
  release
    .command('watch <id>')
    .description('show what a release does, until its verdict')
    .addOption(failUnlessOption())
    .option('--json', 'print one line of JSON per change')
    .action((id: string, options: Options) =>
      withRegistry(async ({ registry }) => {
        const temporal = await reachTemporal()
        const over = new AbortController()
        if (!options.json) progress(`times of day are those of ${zoneName()}; days of evidence are UTC`)
        try {
          const progressShown = temporal && followWork(temporal.client, registry, id, options, over.signal)
          const verdict = await followRun(registry, id, (entry) => {
            if (options.json || entryText(entry))
              show(options, entry, (shown) => `${secondOf(entry.at)} ${entryText(shown)}`)
          })
          if (options.failUnless !== undefined && !meets(verdict, options.failUnless)) process.exitCode = 1
          over.abort()
          await progressShown
        } finally {
          over.abort()
          await temporal?.close()
        }
      }),
    )
}

/** Without Temporal the command still shows every entry of the ledger. */
async function reachTemporal(): Promise<{ client: Client; close: () => Promise<void> } | undefined> {
  try {
    return await connectClient(await findTemporal())
  } catch (error) {
    progress(`progress within a stage is not shown: ${errorText(error)}`)
    return undefined
  }
}

async function followWork(
  client: Client,
  registry: Registry,
  id: string,
  options: Options,
  signal: AbortSignal,
): Promise<void> {
  // A release id is resolved to its newest run. An unknown id is reported by `followRun`.
  const workflowId = await registry.runs.get(id, { kinds: ['trigger'] }).then(
    (run) => run.workflowId,
    () => undefined,
  )
  if (workflowId === undefined) return
  let shown = ''
  while (!signal.aborted) {
    const work = await pendingWork(client, workflowId).catch(() => undefined)
    const text = work && pendingText(work)
    if (work && text && text !== shown) {
      shown = text
      show(options, lineOf(workflowId, work), () => `${secondOf(Date.now())} ${text}`)
    }
    await sleep(POLL_MS, undefined, { signal }).catch(() => {})
  }
}

const lineOf = (workflowId: string, work: PendingWork) => ({ kind: 'progress', workflowId, ...work })
