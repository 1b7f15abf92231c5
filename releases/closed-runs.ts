/**
 * What only Temporal knows of open runs: closed without a verdict, a failing workflow task, or work that no worker
 * takes.
 */
import type { Registry, ReleaseRunSummary } from '../registry/index.js'
import { type Attention, needsAttention, terminated } from './attention.js'
import { describedRun } from './run-status.js'
import { pollersOf, stalledWork } from './stalled-work.js'
import { unrecordedReleases } from './unrecorded-releases.js'
import type { WithClient } from './with-client.js'

interface Request {
  /** Wall time in epoch ms. */
  readonly now: number
  readonly project: string | undefined
  readonly withClient: WithClient
  /** Receives the error if Temporal cannot be asked; then only what the registry knows is answered. */
  readonly onUnavailable: (error: unknown) => void
}

/** Releases that need a person, by the registry and by Temporal, whose cause counts where both name one. */
export async function attentionWithClosedRuns(registry: Registry, request: Request): Promise<Attention[]> {
  const { now, project, onUnavailable } = request
  const [needs, seen] = await Promise.all([
    needsAttention(registry, now, project),
    seenByTemporal(registry, request).catch((error: unknown) => {
      onUnavailable(error)
      return []
    }),
  ])
  const isSeen = new Set(seen.map(({ workflowId }) => workflowId))
  return [...needs.filter(({ workflowId }) => !isSeen.has(workflowId)), ...seen]
}

/** Described one by one, oldest first: an installation has a lane a project, and few runs that are open. */
const DESCRIBED = 500
const AT_ONCE = 20

async function seenByTemporal(registry: Registry, { project, withClient, now }: Request): Promise<Attention[]> {
  const open = await registry.runs.list(project, { open: true })
  return withClient(async (client) => {
    const polled = pollersOf(client, now)
    const see = async (run: ReleaseRunSummary): Promise<Attention | undefined> => {
      const { workflowId } = run
      const description = await describedRun(client, workflowId)
      const status = description?.status.name ?? 'GONE'
      if (description === null || status !== 'RUNNING') return terminated(run, status)
      const stalled = await stalledWork(client, workflowId, description.raw, { now, polled })
      return stalled && { workflowId, project: run.project, ...stalled }
    }
    const runs = [...open, ...(await unrecordedReleases(client, project, recordedIn(registry, project)))]
    const found: (Attention | undefined)[] = []
    for (let from = 0; from < Math.min(runs.length, DESCRIBED); from += AT_ONCE)
      found.push(...(await Promise.all(runs.slice(from, Math.min(from + AT_ONCE, DESCRIBED)).map(see))))
    return found.filter((one) => one !== undefined)
  })
}

/** Which of some runs the ledger has. */
export const recordedIn =
  (registry: Registry, project: string | undefined) =>
  async (workflowIds: readonly string[]): Promise<ReadonlySet<string>> =>
    new Set((await registry.runs.list(project, { workflowIds })).map(({ workflowId }) => workflowId))
