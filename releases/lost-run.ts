/**
 * Where a release continues whose Temporal history is lost: its canary or probation, as the ledger has it. The newest
 * look is taken again, because it may not have been acted on; the ledger keeps it once.
 */
import type { ContinuedRelease } from '../contracts/continued-release.js'
import { bodiesOf, type OperatorActionBody } from '../contracts/ledger/index.js'
import type { ReceivedAction } from '../contracts/messages.js'
import type { ReleaseInput } from '../contracts/types.js'
import { clockIn, type ReleaseRunRecord } from '../registry/index.js'
import { canaryOf, extensionsOf, probationOf, shadowOf } from './lost-phases.js'

export interface LostRun {
  readonly input: ReleaseInput
  readonly continued: ContinuedRelease
}

/** The state of a workflow has as many. */
const ACTIONS = 50

type Requests = NonNullable<ContinuedRelease['requests']>

/** @param now epoch ms of wall time @returns null for a run that is in no canary or probation */
export function lostRun(run: ReleaseRunRecord, now: number): LostRun | null {
  const { entries, releaseId, stage } = run
  const input: ReleaseInput | undefined = bodiesOf(entries, 'trigger')[0]
  const snapshot = bodiesOf(entries, 'snapshot').at(-1)
  const evaluations = bodiesOf(entries, 'evaluation')
  const evaluation = evaluations.at(-1)
  if (!input || !snapshot || !evaluation) return null
  const moves = bodiesOf(entries, 'alias_move')
  const openings = moves.filter(({ alias, to }) => alias === 'canary' && to !== null).length - 1
  const known = { run, input, openings, clock: clockIn(entries) ?? input.clock }
  const shadow = stage === 'canary' ? shadowOf(known) : null
  const canary = stage === 'canary' && !shadow ? canaryOf(known) : null
  const probation = stage === 'probation' ? probationOf(known) : null
  if (!shadow && !canary && !probation) return null
  const approvals = bodiesOf(entries, 'approval')
  const sent = bodiesOf(entries, 'operator_action')
  const answered = sent.filter(({ pending }) => pending === undefined)
  const actions = answered.slice(-ACTIONS).map(withoutPending)
  return {
    input,
    continued: {
      state: {
        stage,
        verdict: null,
        reason: null,
        releaseId,
        production: evaluation.production,
        waitingFor: 'a worker that continues it',
        deadline: null,
        canaryStep: canary?.step ?? null,
        paused: false,
        awaitingApproval: canary !== null && approvals.at(-1)?.state === 'asked',
        extensions: shadow
          ? extensionsOf(known, 'shadow')
          : canary
            ? canary.inShadow + extensionsOf(known, 'canary')
            : 0,
        actions,
      },
      clock: known.clock,
      requests: requestsOf(answered, stage),
      resumedAt: now,
      snapshot: snapshot.digest,
      trainings: bodiesOf(entries, 'training_run').length,
      evaluation: evaluation.digest,
      evaluations: evaluations.length,
      openings,
      approvals: approvals.filter((one) => one.state === 'asked').length,
      shadow,
      canary,
      probation,
      earlier: answered.length - actions.length,
      unanswered: unansweredAborts(sent, answered).map((action) => ({ action, problem: null })),
      lane: probation === null,
    },
  }
}

/** What was accepted and had no effect yet: an abort wins, whatever was lost since. */
function requestsOf(answered: readonly OperatorActionBody[], stage: string): Requests {
  const accepted = (name: string) => answered.findLast(({ action, accepted }) => accepted && action === name)
  const [abort, supersede] = [accepted('abort'), accepted('supersede')].map(
    (found) => found && { by: found.by, reason: found.reason, id: found.id },
  )
  const superseded = supersede && stage === 'canary' ? ({ ...supersede, as: 'superseded' } as const) : null
  return {
    abort: abort ? { ...abort, as: 'operator_abort' } : superseded,
    promote: null,
    endProbation: (stage === 'probation' && supersede) || null,
  }
}

/**
 * Temporal kept these, and lost them with the history. Other requests were meant for the run as it was then. An answer
 * has another id where the id was that of another action (`idOfAnother`, which would load Temporal's package).
 */
function unansweredAborts(
  sent: readonly OperatorActionBody[],
  answered: readonly OperatorActionBody[],
): readonly ReceivedAction[] {
  const ids = new Set(answered.map(({ id }) => id))
  const aborts = sent.filter(({ action, pending }) => action === 'abort' && pending !== undefined)
  return aborts
    .filter((one) => !ids.has(one.id) && !ids.has(`${one.id}:${one.action}`))
    .map(({ id, action, by, reason }) => ({ id, action, by, reason }))
}

const withoutPending = ({ id, action, by, reason, accepted, message }: OperatorActionBody) => ({
  id,
  action,
  by,
  reason,
  accepted,
  message,
})
