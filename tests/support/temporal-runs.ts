/** The Temporal runs of one release, and messages in great numbers. */
import { type Steered, stateOf } from './steer.js'

export interface TemporalRun {
  readonly runId: string
  readonly events: number
  /** Messages it received. */
  readonly signals: number
  readonly updates: number
  /** Activities it began, by name. */
  readonly activities: readonly string[]
  readonly continued: boolean
}

/** Oldest first. @param first the run id of the oldest */
export async function temporalRunsOf({ client }: Steered, id: string, first: string): Promise<TemporalRun[]> {
  const runs: TemporalRun[] = []
  for (let runId = first; runId !== ''; ) {
    const events = (await client.workflow.getHandle(id, runId).fetchHistory()).events ?? []
    const next = events.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId ?? ''
    runs.push({
      runId,
      events: events.length,
      signals: events.filter((event) => event.workflowExecutionSignaledEventAttributes).length,
      updates: events.filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes).length,
      activities: events.flatMap((event) => event.activityTaskScheduledEventAttributes?.activityType?.name ?? []),
      continued: next !== '',
    })
    runId = next
  }
  return runs
}

export const runIdOf = async ({ client }: Steered, id: string): Promise<string> =>
  (await client.workflow.getHandle(id).describe()).runId

/**
 * The server holds back what arrives during a workflow task, at most 100 events; for one more it repeats the task.
 * A sender that does not stop can so keep a release from working until the server refuses the 10,001st signal.
 */
const AT_ONCE = 50

/** Sends messages in rounds; the next begins when the release has processed the one before. */
export async function sendMany(
  on: Steered,
  id: string,
  count: number,
  send: (at: number) => Promise<unknown>,
): Promise<void> {
  for (let sent = 0; sent < count; sent += AT_ONCE) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - sent) }, (_, at) => send(sent + at)))
    // The time-skipping server never answers a query that reaches a run while it continues as another one.
    await on.client.withDeadline(Date.now() + 5_000, () => stateOf(on, id)).catch(() => stateOf(on, id))
  }
}
