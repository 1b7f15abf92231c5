/**
 * Keeps this server from a trap of its own: a workflow's task that cancels an activity which has just succeeded is never done, and the run
 * stands still for ever. The real server does not mind. So an activity tells of its success while its run has no task under way,
 * and none does while somebody speaks to a run.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { Client, WorkflowClientInterceptor } from '@temporalio/client'

const SCHEDULED = 5
const STARTED = 6
const TASK_EVENTS = [SCHEDULED, STARTED, 7, 8, 9]
/** A success that was told just before is on its way to the server for so long at most. */
const ON_ITS_WAY_MS = 15
const GIVE_UP_MS = 3_000

/** Until a run has no workflow task under way; after three seconds all the same. */
export async function untilIdle(client: Client, workflowId: string): Promise<void> {
  for (const deadline = Date.now() + GIVE_UP_MS; Date.now() < deadline; await pause(5)) {
    const { events } = await client.workflow.getHandle(workflowId).fetchHistory()
    const task = events?.findLast(({ eventType }) => TASK_EVENTS.includes(Number(eventType)))
    if (![SCHEDULED, STARTED].includes(Number(task?.eventType))) return
  }
}

export interface Floor {
  /** Somebody is speaking: successes are told later. */
  free(): Promise<void>
  /** Around what a client says to a run. */
  readonly interceptor: WorkflowClientInterceptor
}

/** @param ask tells whether a run is idle; a client without the interceptor */
export function createFloor(ask: (workflowId: string) => Promise<void>): Floor {
  let speaking = 0
  const speak = async <Answer>(workflowId: string, say: () => Promise<Answer>): Promise<Answer> => {
    speaking += 1
    await pause(ON_ITS_WAY_MS)
    const said = say()
    // An update is answered after activities of its own, which must be heard.
    await Promise.race([said, pause(ON_ITS_WAY_MS)]).catch(() => {})
    await ask(workflowId).catch(() => {})
    speaking -= 1
    return said
  }
  return {
    async free() {
      while (speaking > 0) await pause(2)
    },
    interceptor: {
      signal: (input, next) => speak(input.workflowExecution.workflowId ?? '', () => next(input)),
      startUpdate: (input, next) => speak(input.workflowExecution.workflowId ?? '', () => next(input)),
    },
  }
}
