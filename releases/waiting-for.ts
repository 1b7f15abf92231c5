/** What one open release waits for, for a person who waits for its verdict, and what that person can do about it. */
import type { Client } from '@temporalio/client'
import { bodiesOf } from '../contracts/ledger/index.js'
import type { Registry } from '../registry/index.js'
import { type Attention, attentionOf } from './attention.js'
import { describedRun } from './run-status.js'
import { pollersOf, stalledWork } from './stalled-work.js'

export interface WaitingFor {
  readonly text: string
  /** What can be done about it; null while nothing has to be done. */
  readonly remedy: string | null
}

const ANSWERS_WITHIN_MS = 5_000

/**
 * @param registry undefined if it cannot be reached: then a pause is named without its cause
 * @param now wall time in epoch ms
 * @returns undefined when nothing is known: the release has just ended, or nothing answers
 */
export async function waitingFor(
  { client, registry, now }: { client: Client; registry: Registry | undefined; now: number },
  { project, workflowId }: { readonly project: string; readonly workflowId: string },
): Promise<WaitingFor | undefined> {
  const described = await describedRun(client, workflowId)
  if (described?.status.name !== 'RUNNING') return undefined
  const stalled = await stalledWork(client, workflowId, described.raw, { now, polled: pollersOf(client, now) })
  if (stalled) return { text: stalled.text, remedy: remedyOf(stalled.why, workflowId) }
  const run = (await registry?.runs.open(project))?.find((one) => one.workflowId === workflowId)
  const needs = run && attentionOf(run, now)
  if (registry && needs) {
    const reason = needs.text.startsWith('paused: by ') ? await reasonOfPause(registry, workflowId) : ''
    return { text: `${needs.text}${reason}`, remedy: remedyOf(needs.why, workflowId) }
  }
  // Imported when it is needed: it loads Temporal's packages, which a list of releases does without.
  const { stateQuery } = await import('../contracts/messages.js')
  // A worker answers this; the workflow task of a run that no worker takes is found above.
  const state = await client.withDeadline(now + ANSWERS_WITHIN_MS, () =>
    client.workflow.getHandle(workflowId).query(stateQuery),
  )
  const text = `${state.stage}: ${state.waitingFor}`
  return { text, remedy: state.paused ? remedyOf('paused', workflowId) : null }
}

/** A pause by a look is named with its reason already, one by an operator with the name only. */
async function reasonOfPause({ runs }: Registry, workflowId: string): Promise<string> {
  const { entries } = await runs.get(workflowId, { kinds: ['operator_action'], newest: 0 })
  const paused = bodiesOf(entries, 'operator_action').findLast(({ action, accepted }) => accepted && action === 'pause')
  return paused ? ` (${paused.reason})` : ''
}

function remedyOf(why: Attention['why'], workflowId: string): string {
  const act = (action: string) => `slipway release ${action} ${workflowId} --by NAME --reason WHY`
  const end = `end it with: ${act('abort')}`
  switch (why) {
    case 'paused':
      return `continue it with: ${act('resume')}; or ${end}`
    case 'awaiting_approval':
      return `another person approves it with: ${act('promote')}; or ${end}`
    case 'no_worker':
      return `start workers, for example with: slipway up; or ${end}`
    case 'stuck':
    case 'terminated':
    case 'workflow_failing':
    case 'notice_refused':
      return `look for the cause with: slipway doctor; or ${end}`
  }
}
