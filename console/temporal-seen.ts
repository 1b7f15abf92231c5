/** What Temporal knows of open releases, asked beside the pages: a Temporal that is away makes no page wait. */
import { errorText } from '../contracts/error-text.js'
import { isWaitOver } from '../contracts/wait-over.js'
import type { Registry } from '../registry/index.js'
import type { Attention } from '../releases/attention.js'
import { attentionWithClosedRuns } from '../releases/closed-runs.js'
import type { WithClient } from '../releases/with-client.js'

export interface TemporalSeen {
  readonly state: 'none' | 'asking' | 'reachable' | 'away'
  /** Why it is away. */
  readonly problem: string | null
  /** Only what Temporal alone knows: closed runs, failing workflow tasks, work that no worker takes. */
  readonly attention: readonly Attention[]
}

const FRESH_MS = 15_000
const ONLY_TEMPORAL: ReadonlySet<Attention['why']> = new Set(['terminated', 'workflow_failing', 'no_worker'])

/** @returns what is known now; older than 15 s, it is asked for again and shown by a later call */
export function createTemporalSeen(
  registry: Registry,
  withClient: WithClient | undefined,
  now: () => number,
): () => TemporalSeen {
  let seen: TemporalSeen = { state: withClient ? 'asking' : 'none', problem: null, attention: [] }
  let askedAt = Number.NEGATIVE_INFINITY
  let asking = false
  const ask = async (client: WithClient) => {
    let problem: string | null = null
    const onUnavailable = (error: unknown) => {
      problem = errorText(error)
    }
    const needs = await attentionWithClosedRuns(registry, {
      now: now(),
      project: undefined,
      withClient: client,
      onUnavailable,
    })
    const attention = needs.filter(({ why }) => ONLY_TEMPORAL.has(why))
    seen = problem === null ? { state: 'reachable', problem, attention } : { state: 'away', problem, attention: [] }
  }
  return () => {
    if (withClient && !asking && isWaitOver(askedAt, now(), FRESH_MS)) {
      asking = true
      askedAt = now()
      // A registry that is away is what the page itself reports.
      void ask(withClient)
        .catch(() => {})
        .finally(() => {
          asking = false
        })
    }
    return seen
  }
}
