/** Waits for a verdict, shows what the release waits for, and ends at once on Ctrl-C: the release continues. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from '@temporalio/client'
import { errorText } from '../../contracts/error-text.js'
import type { Registry } from '../../registry/index.js'
import { type EndedRelease, verdictOf } from '../../releases/await-verdict.js'
import { waitingFor } from '../../releases/waiting-for.js'
import { waitingText } from '../views/waiting-view.js'
import { closing } from './interruption.js'
import { progress } from './output.js'
import { openRegistryHandle, type Stoppable } from './platform.js'

/** Asked often at first, and rarely in a wait of weeks. */
const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 30_000

interface Run {
  readonly project: string
  readonly workflowId: string
}

/** @returns undefined when it was interrupted */
export async function waitForVerdict(client: Client, run: Run): Promise<EndedRelease | undefined> {
  let ended: EndedRelease | undefined
  await closing(openCauses, async ({ registry }) => {
    const over = new AbortController()
    const shown = showWaiting(client, registry, run, over.signal)
    try {
      ended = await verdictOf(client, run.workflowId)
    } finally {
      over.abort()
    }
    await shown
  })
  return ended
}

/** The verdict comes from Temporal. A registry that is away hides only the cause of a pause. */
async function openCauses(signal: AbortSignal): Promise<Stoppable & { readonly registry?: Registry }> {
  try {
    return await openRegistryHandle({ signal })
  } catch (error) {
    if (signal.aborted) throw error
    progress(`the cause of a pause is not shown: ${errorText(error)}`)
    return { stop: async () => {} }
  }
}

async function showWaiting(client: Client, registry: Registry | undefined, run: Run, over: AbortSignal): Promise<void> {
  let shown = ''
  let pause = FIRST_PAUSE_MS
  while (!over.aborted) {
    const found = await waitingFor({ client, registry, now: Date.now() }, run).catch(() => undefined)
    const text = found === undefined ? shown : waitingText(found)
    if (text !== shown && !over.aborted) {
      progress(text)
      pause = FIRST_PAUSE_MS
    } else {
      pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)
    }
    shown = text
    await sleep(pause, undefined, { signal: over }).catch(() => {})
  }
}
