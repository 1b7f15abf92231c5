/** An operator action on one release: sent to its workflow, or decided here if the workflow is closed. */
import { randomUUID } from 'node:crypto'
import { errorText } from '../contracts/error-text.js'
import { SlipwayError } from '../contracts/failure.js'
import { bodiesOf } from '../contracts/ledger/index.js'
import { shortReason } from '../contracts/limits.js'
import type { OperatorAnswer } from '../contracts/messages.js'
import { NOTHING_TO_APPROVE, type OperatorActionName, triggerOf } from '../contracts/names.js'
import { parseOrRefuse } from '../contracts/parse.js'
import { operatorAction } from '../contracts/schemas/index.js'
import type { OperatorAction } from '../contracts/types.js'
import { requireVisible } from '../contracts/visible-text.js'
import { type Registry, type ReleaseRunRecord, UnknownRun } from '../registry/index.js'
import { remedies } from './attention.js'
import { concludeClosed } from './conclude-terminated.js'
import { identityOf } from './identity/approval-counts.js'
import type { Prover } from './identity/prover.js'
import { recordOperatorAction, recordRequest } from './record-operator-action.js'
import { resumeLost } from './resume-lost.js'
import { closedText, runStatus } from './run-status.js'
import { sendOperatorAction } from './send-operator-action.js'
import type { WithClient } from './with-client.js'

export interface OperateAnswer extends OperatorAnswer {
  readonly workflowId: string
  /** `registry`: the workflow is closed, so the answer was decided and recorded without it. */
  readonly answeredBy: 'workflow' | 'registry'
}

interface Needs {
  readonly registry: Registry
  readonly withClient: WithClient
  /** Verifies proofs of names; absent: no name can be proven. */
  readonly prover?: Prover | undefined
}

type Recording = Pick<Needs, 'registry' | 'prover'>

/**
 * Checks an action before anything is opened.
 * @param id makes the action idempotent; absent: a new one
 * @throws SlipwayError BadRequest naming the field that is malformed
 */
export const operatorActionOf = (
  action: OperatorActionName,
  { id = randomUUID(), by, reason }: { id?: string; by: string; reason: string },
): OperatorAction => {
  const asked = parseOrRefuse(operatorAction, { id, action, by, reason: shortReason(reason) }, action)
  requireVisible({ by, reason })
  return asked
}

/** A promotion, only if the release awaits an approval. */
export const approvalOf = (note: Parameters<typeof operatorActionOf>[1]): OperatorAction => ({
  ...operatorActionOf('promote', note),
  approves: true,
})

/**
 * @param release id of a run or of a release
 * @returns the answer; a refused action is recorded too
 * @throws SlipwayError BadRequest for an unknown release, Unavailable if the release did not answer; the request is
 * recorded, and obeyed as soon as it can be
 */
export async function operate(
  { registry, withClient, prover }: Needs,
  release: string,
  action: OperatorAction,
): Promise<OperateAnswer> {
  const run = await runToOperate(registry, release).catch((error: unknown) => {
    if (!(error instanceof UnknownRun)) throw error
    return error
  })
  if (run instanceof UnknownRun) return operateUnrecorded(withClient, release, action, run)
  if (run.verdict !== null) return refuseOnce({ registry, prover }, run, action, finishedText(run, action))
  if (action.approves) {
    const answered = await answeredBefore(registry, run, action)
    if (answered) return answered
    if (!(await awaitsApproval(registry, run))) return refuse({ registry, prover }, run, action, NOTHING_TO_APPROVE)
  }
  const { workflowId } = run
  let sent = false
  const onSent = async () => {
    sent = true
    await recordRequest(registry, run, action, 'sent')
  }
  try {
    return await withClient(async (client) => {
      const status = await runStatus(client, workflowId)
      if (status === 'GONE' && action.action === 'resume') {
        const resumed = await resumeLost({ registry, prover }, client, run, action)
        if (resumed) return { workflowId, ...resumed, answeredBy: 'registry' }
      }
      if (status !== 'RUNNING') return operateClosed({ registry, prover }, workflowId, action, status)
      const answer = await sendOperatorAction(client, workflowId, action, { onSent })
      return { workflowId, ...answer, answeredBy: 'workflow' }
    })
  } catch (error) {
    if (sent || action.action !== 'abort' || !temporalIsAway(error)) throw error
    await recordRequest(registry, run, action, 'kept')
    const kept = `the abort of ${workflowId} is kept in the ledger, and workers send it as soon as Temporal takes it`
    throw new SlipwayError('Unavailable', `${errorText(error)}; ${kept}`, { cause: error })
  }
}

/** Any other error of Slipway is an answer. */
const temporalIsAway = (error: unknown): boolean =>
  error instanceof SlipwayError ? error.type === 'Unavailable' : error instanceof Error && error.name === 'ServiceError'

/** A release that no worker has taken yet is known to Temporal only, which keeps the action. */
function operateUnrecorded(
  withClient: WithClient,
  workflowId: string,
  action: OperatorAction,
  unknown: UnknownRun,
): Promise<OperateAnswer> {
  if (triggerOf(workflowId) === null) throw unknown
  return withClient(async (client) => {
    if ((await runStatus(client, workflowId)) !== 'RUNNING') throw unknown
    const answer = await sendOperatorAction(client, workflowId, action)
    return { workflowId, ...answer, answeredBy: 'workflow' }
  })
}

/** @throws SlipwayError BadRequest where a release id does not tell which of several open runs is meant */
export async function runToOperate({ runs }: Pick<Registry, 'runs'>, id: string): Promise<ReleaseRunRecord> {
  const trigger = { kinds: ['trigger'] } as const
  const newest = await runs.get(id, trigger)
  if (newest.otherRuns === undefined) return newest
  const all = [newest, ...(await Promise.all(newest.otherRuns.map((other) => runs.get(other, trigger))))]
  const open = all.filter(({ verdict, entries }) => verdict === null && entries.some(({ kind }) => kind === 'trigger'))
  if (open.length <= 1) return open[0] ?? newest
  const names = open.map(({ workflowId }) => workflowId).sort()
  throw new SlipwayError('BadRequest', `release "${id}" has several open runs; name one: ${names.join(', ')}`)
}

/** The workflow of this run is closed: an abort concludes the run, any other action is refused. */
async function operateClosed(
  { registry, prover }: Recording,
  release: string,
  action: OperatorAction,
  status: string,
): Promise<OperateAnswer> {
  // Read again: the run may have reached its verdict since.
  const run = await runToOperate(registry, release)
  if (run.verdict !== null) return refuseOnce({ registry, prover }, run, action, finishedText(run, action))
  const closed = closedText(run.workflowId, status)
  if (action.action !== 'abort')
    return refuse({ registry, prover }, run, action, `${closed} It has no verdict; ${remedies(run, status)}`)
  const answer = await concludeClosed(registry, run, action, { closed, identity: identityOf(prover, run, action) })
  return { workflowId: run.workflowId, ...answer, answeredBy: 'registry' }
}

/** Read from the ledger too: a worker of an earlier build would take an approval for a promotion by hand. */
async function awaitsApproval({ runs }: Registry, { workflowId }: ReleaseRunRecord): Promise<boolean> {
  const { entries } = await runs.get(workflowId, { kinds: ['approval'] })
  return bodiesOf(entries, 'approval').at(-1)?.state === 'asked'
}

/** An action that is sent again keeps its answer. */
async function answeredBefore(
  registry: Registry,
  run: ReleaseRunRecord,
  action: OperatorAction,
): Promise<OperateAnswer | null> {
  // It loads Temporal's package, which listing releases does not need.
  const { findOperatorActions } = await import('./record-operator-actions.js')
  const [known] = await findOperatorActions(registry, run, [action])
  return known?.answer ? { workflowId: run.workflowId, ...known.answer, answeredBy: 'registry' } : null
}

const refuseOnce = async (
  needs: Recording,
  run: ReleaseRunRecord,
  action: OperatorAction,
  message: string,
): Promise<OperateAnswer> =>
  (await answeredBefore(needs.registry, run, action)) ?? (await refuse(needs, run, action, message))

const finishedText = ({ workflowId, verdict, reason }: ReleaseRunRecord, { action }: OperatorAction): string =>
  `${workflowId} is finished (${verdict}: ${reason}); ${action} changes nothing`

/** Recorded as well: a refused action is part of the release's record. */
async function refuse(
  { registry, prover }: Recording,
  run: ReleaseRunRecord,
  action: OperatorAction,
  message: string,
): Promise<OperateAnswer> {
  const answer = { accepted: false, message }
  await recordOperatorAction(registry, run, action, answer, identityOf(prover, run, action))
  return { workflowId: run.workflowId, ...answer, answeredBy: 'registry' }
}
