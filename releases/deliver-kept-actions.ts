/** Sends what operators asked for while Temporal could not be asked, and only the ledger has. */
import type { Client } from '@temporalio/client'
import type { Registry } from '../registry/index.js'
import { operate } from './operate.js'
import { runStatus } from './run-status.js'

interface Needs {
  readonly registry: Registry
  readonly client: Client
  readonly projects: readonly string[]
  /** Keys of the requests that this process has sent: a run that cannot answer keeps the signal. */
  readonly sent: Set<string>
}

/** @throws if the registry or Temporal is still away; a later call continues */
export async function deliverKeptActions({ registry, client, projects, sent }: Needs): Promise<void> {
  const { operatorSignals } = await import('../contracts/messages.js')
  for (const { subject: workflowId, key, body } of await registry.ledger.keptActions(projects)) {
    if (sent.has(key) || body.action !== 'abort') continue
    const { id, by, reason } = body
    if ((await runStatus(client, workflowId)) === 'RUNNING')
      await client.workflow.getHandle(workflowId).signal(operatorSignals.abort, { id, by, reason })
    else
      await operate({ registry, withClient: (work) => work(client) }, workflowId, {
        id,
        action: 'abort',
        by,
        reason,
      })
    sent.add(key)
  }
}
