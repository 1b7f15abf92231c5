import type { RunRef } from '../contracts/activities.js'
import { actionKey, requestedKey, verdictKey } from '../contracts/ledger/index.js'
import type { Identity } from '../contracts/ledger/operator-action.js'
import type { OperatorAnswer, ReceivedAction } from '../contracts/messages.js'
import type { VerdictName } from '../contracts/names.js'
import type { Registry } from '../registry/index.js'

type Appends = Pick<Registry, 'ledger'>
type Holds = { readonly exposure: Pick<Registry['exposure'], 'hold'> }

/** After these no wider step of a canary begins, whether a worker serves the project or not. */
const STOPS: readonly string[] = ['pause', 'abort', 'supersede', 'rollback']

export const stopsWidening = ({
  action,
  accepted,
}: Pick<ReceivedAction, 'action'> & Pick<OperatorAnswer, 'accepted'>) => accepted && STOPS.includes(action)

/** Records an operator action and its answer, once per id; also an action that was refused or came too late. */
export async function recordOperatorAction(
  registry: Appends & Holds,
  { project, workflowId }: RunRef,
  received: ReceivedAction,
  { accepted, message }: OperatorAnswer,
  identity?: Identity,
): Promise<void> {
  const { id, action, by, reason } = received
  const key = actionKey(workflowId, id)
  const body = { id, action, by, reason, ...(identity && { identity }), accepted, message }
  await registry.ledger.append({ project, kind: 'operator_action', subject: workflowId, key, body })
  if (stopsWidening(body)) await registry.exposure.hold({ project, workflowId })
}

const REQUESTED = {
  sent: 'sent; the release has not answered yet and receives it when a worker can run it',
  kept: 'kept here; workers send it to the release as soon as Temporal takes it',
} as const

/**
 * Records a request that the release has not answered. The answer is recorded by the release, with the same id. No
 * wider step begins meanwhile; if the request is refused, the next look records the step again.
 */
export async function recordRequest(
  registry: Appends & Holds,
  { project, workflowId }: RunRef,
  { id, action, by, reason }: ReceivedAction,
  pending: keyof typeof REQUESTED,
): Promise<void> {
  const body = { id, action, by, reason, accepted: false, message: REQUESTED[pending], pending }
  const key = requestedKey(workflowId, pending, id)
  await registry.ledger.append({ project, kind: 'operator_action', subject: workflowId, key, body })
  if (stopsWidening({ action, accepted: true })) await registry.exposure.hold({ project, workflowId })
}

export async function recordVerdict(
  registry: Appends,
  { project, workflowId }: RunRef,
  end: { releaseId: string | null; verdict: VerdictName; reason: string; detail: string },
): Promise<void> {
  const { releaseId, verdict, reason, detail } = end
  const body = { schema: 'slipway.verdict/1' as const, project, workflowId, releaseId, verdict, reason, detail }
  const key = verdictKey(workflowId)
  await registry.ledger.append({
    project,
    kind: 'verdict',
    subject: workflowId,
    key,
    body,
  })
}
