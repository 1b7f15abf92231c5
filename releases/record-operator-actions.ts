/** Operator actions in batches. A run remembers its newest actions only: of earlier ones the ledger is the memory. */
import type { FoundAction, NotCounted, RunRef } from '../contracts/activities.js'
import { errorText } from '../contracts/error-text.js'
import { FAILURES } from '../contracts/failure.js'
import { actionKey, type NewEntry } from '../contracts/ledger/index.js'
import { type AnsweredAction, idOfAnother, type ReceivedAction } from '../contracts/messages.js'
import type { Registry } from '../registry/index.js'
import { countedAnswer, identityOf } from './identity/approval-counts.js'
import type { Prover } from './identity/prover.js'
import { stopsWidening } from './record-operator-action.js'

type Ledger = { readonly ledger: Pick<Registry['ledger'], 'appendEach' | 'actionsWithKeys' | 'entries'> }
type Holds = { readonly exposure: Pick<Registry['exposure'], 'hold'> }
interface Proving {
  readonly prover?: Prover | undefined
  /** Promotions must come from another person. */
  readonly needsProof?: true | undefined
}

type Sent = Pick<ReceivedAction, 'id' | 'action'>

/** Records them in this order, each once per id. @returns for each why it cannot be recorded, or null when it is */
export async function recordOperatorActions(
  registry: Ledger & Holds,
  { project, workflowId }: RunRef,
  actions: readonly AnsweredAction[],
  { prover, needsProof }: Proving = {},
): Promise<(string | NotCounted | null)[]> {
  const run = { project, workflowId }
  // An abort is not looked up before it takes effect, so that its id may be one of an earlier action.
  const found = await findOperatorActions(registry, run, actions)
  const answers = await Promise.all(
    actions.map((action) => countedAnswer(registry, prover, { ...run, action, needsProof })),
  )
  const entries = actions.map((answered, at): NewEntry<'operator_action'> => {
    const { action, by, reason } = answered
    const { accepted, message } = answers[at] ?? answered
    const identity = identityOf(prover, run, answered)
    const id = found[at]?.id ?? answered.id
    const key = actionKey(workflowId, id)
    return {
      project,
      kind: 'operator_action',
      subject: workflowId,
      key,
      body: { id, action, by, reason, ...(identity && { identity }), accepted, message },
    }
  })
  const refused = await registry.ledger.appendEach(project, entries)
  if (entries.some(({ body }, at) => !refused[at] && stopsWidening(body))) await registry.exposure.hold(run)
  return refused.map((error, at) => {
    if (error) return `${errorText(error)} (${FAILURES[error.type].advice})`
    const { accepted, message } = answers[at] ?? {}
    return actions[at]?.accepted && accepted === false ? { notCounted: message ?? '' } : null
  })
}

/** Which of them are recorded. An id with which another action was recorded does not make them known. */
export async function findOperatorActions(
  { ledger }: Ledger,
  { project, workflowId }: RunRef,
  actions: readonly Sent[],
): Promise<FoundAction[]> {
  const keys = actions.flatMap((sent) => [sent.id, idOfAnother(sent)].map((id) => actionKey(workflowId, id)))
  const recorded = new Map((await ledger.actionsWithKeys(project, keys)).map(({ body }) => [body.id, body]))
  const find = (sent: Sent): FoundAction => {
    const body = recorded.get(sent.id)
    if (body && body.action !== sent.action) return find({ ...sent, id: idOfAnother(sent) })
    return { id: sent.id, answer: body ? { accepted: body.accepted, message: body.message } : null }
  }
  return actions.map(find)
}
