/** Runs that Temporal has closed without a verdict in the ledger, for example by a termination. */
import type { Registry } from '../registry/index.js'
import { type Attention, needsAttention, terminated } from './attention.js'
import { closedText, runStatus } from './run-status.js'
import type { WithClient } from './with-client.js'

interface Request {
  /** Wall time in epoch ms. */
  readonly now: number
  readonly project: string | undefined
  /** Called only if there are open runs. */
  readonly withClient: WithClient
  /** Receives the error if Temporal cannot be asked; then only what the registry knows is answered. */
  readonly onUnavailable: (error: unknown) => void
}

/** Releases that need a person: those the registry knows, and runs that Temporal has closed. */
export async function attentionWithClosedRuns(registry: Registry, request: Request): Promise<Attention[]> {
  const { now, project, withClient, onUnavailable } = request
  const [needs, closed] = await Promise.all([
    needsAttention(registry, now, project),
    closedRuns(registry, project, withClient).catch((error: unknown) => {
      onUnavailable(error)
      return []
    }),
  ])
  const isClosed = new Set(closed.map(({ workflowId }) => workflowId))
  return [...needs.filter(({ workflowId }) => !isClosed.has(workflowId)), ...closed]
}

async function closedRuns(
  registry: Registry,
  project: string | undefined,
  withClient: WithClient,
): Promise<Attention[]> {
  const open = await registry.runs.list(project, { open: true })
  if (open.length === 0) return []
  return withClient(async (client) => {
    const statuses = await Promise.all(open.map(({ workflowId }) => runStatus(client, workflowId)))
    return open.flatMap((run, index) => {
      const status = statuses[index] ?? 'RUNNING'
      return status === 'RUNNING' ? [] : [terminated(run, closedText(run.workflowId, status))]
    })
  })
}
