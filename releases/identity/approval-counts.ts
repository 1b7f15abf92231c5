import type { RunRef } from '../../contracts/activities.js'
import { bodiesOf } from '../../contracts/ledger/index.js'
import type { Identity } from '../../contracts/ledger/operator-action.js'
import type { AnsweredAction, OperatorAnswer, ReceivedAction } from '../../contracts/messages.js'
import { isSamePerson, startedByStated, startedByThem } from '../../contracts/other-person.js'
import type { ReleaseInput, Trigger } from '../../contracts/types.js'
import type { Registry } from '../../registry/index.js'
import type { Prover } from './prover.js'

type Ledger = { readonly ledger: Pick<Registry['ledger'], 'entries'> }

/** How the name of an action is known; undefined where no name can be proven. */
export const identityOf = (
  prover: Prover | undefined,
  { workflowId }: RunRef,
  { id, action, by, proof }: ReceivedAction,
): Identity | undefined => prover && (prover.proves({ workflowId, id, action, by }, proof) ? 'proven' : 'stated')

/** No person is behind these. */
const BY_ITSELF: readonly Trigger['kind'][] = ['schedule', 'condition', 'demo']

/**
 * Whether it can be known who started it, so that another person can approve: by itself, or a person whose name is
 * proven.
 */
function starterIsKnown(prover: Prover, { workflowId }: Pick<RunRef, 'workflowId'>, trigger: Trigger): boolean {
  const { kind, id, by, proof } = trigger
  return BY_ITSELF.includes(kind) || prover.proves({ workflowId, id, action: 'start', by }, proof)
}

/**
 * What is known before a promotion is sent, in the words of its refusal.
 * @param by who would send it; null when that is typed later
 */
export function whyNotApproved(
  prover: Prover | undefined,
  { workflowId, input }: { readonly workflowId: string; readonly input: ReleaseInput },
  by: string | null,
): string | null {
  const { policy, trigger } = input
  if (policy.promotionApproval !== 'other_person') return null
  if (by !== null && isSamePerson(by, trigger.by)) return startedByThem(by)
  return prover && !starterIsKnown(prover, { workflowId }, trigger) ? startedByStated(trigger.by) : null
}

/**
 * Where names can be proven, another person is one whose name is proven, and who is not the proven one that started it.
 * The run has compared the two names.
 * @returns why this promotion does not count; null when it does
 */
async function whyNotCounted(
  registry: Ledger,
  prover: Prover | undefined,
  run: RunRef,
  action: ReceivedAction,
): Promise<string | null> {
  if (!prover) return null
  const policy = 'the policy requires another person (promotionApproval: other_person)'
  const way = 'through the decision service, with a token of its own'
  if (identityOf(prover, run, action) !== 'proven')
    return `the name ${action.by} is stated, not proven, and ${policy}; send it ${way}`
  const entries = await registry.ledger.entries(run.project, { kind: 'trigger', subject: run.workflowId })
  const trigger = bodiesOf(entries, 'trigger')[0]?.trigger
  return !trigger || starterIsKnown(prover, run, trigger) ? null : startedByStated(trigger.by)
}

/** The answer to an action as it is recorded: one that does not count is refused, whatever the run has answered. */
export async function countedAnswer(
  registry: Ledger,
  prover: Prover | undefined,
  { action, needsProof, ...run }: RunRef & { action: AnsweredAction; needsProof?: true | undefined },
): Promise<OperatorAnswer> {
  const { accepted, message } = action
  const promotes = action.action === 'promote' && accepted
  const why = needsProof && promotes ? await whyNotCounted(registry, prover, run, action) : null
  return why === null ? { accepted, message } : { accepted: false, message: why }
}
