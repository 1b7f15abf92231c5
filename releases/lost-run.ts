/**
 * Where a release continues whose Temporal history is lost: its canary or probation, as the ledger has it. The newest
 * look is taken again, because it may not have been acted on; the ledger keeps it once.
 */
import { eventNow, type ReleaseClock } from '../contracts/clock.js'
import type {
  CanaryProgress,
  ContinuedRelease,
  ProbationProgress,
  ShadowProgress,
} from '../contracts/continued-release.js'
import { durationMs } from '../contracts/duration.js'
import { type ExposurePhase, firstExposedDay } from '../contracts/exposure.js'
import { bodiesOf, type OperatorActionBody, ofKind, promotedBy } from '../contracts/ledger/index.js'
import type { ReleaseInput } from '../contracts/types.js'
import { clockIn, type ReleaseRunRecord } from '../registry/index.js'
import { instantOf } from './looks/recorded-looks.js'

export interface LostRun {
  readonly input: ReleaseInput
  readonly continued: ContinuedRelease
}

/** What a phase is rebuilt from. */
interface Known {
  readonly run: ReleaseRunRecord
  readonly input: ReleaseInput
  readonly clock: ReleaseClock
  readonly openings: number
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
  const answered = bodiesOf(entries, 'operator_action').filter(({ pending }) => pending === undefined)
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
        extensions: probation ? 0 : extensionsOf(known, shadow ? 'shadow' : 'canary'),
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

const withoutPending = ({ id, action, by, reason, accepted, message }: OperatorActionBody) => ({
  id,
  action,
  by,
  reason,
  accepted,
  message,
})

const looksOf = ({ run, openings }: Known, phase: ExposurePhase) =>
  run.entries
    .filter(ofKind('judgement'))
    .filter(({ body }) => body.phase === phase && (phase === 'probation' || (body.opening ?? 0) === openings))

function stepsOf({ run, openings }: Known, phase: ExposurePhase) {
  const all = bodiesOf(run.entries, 'canary_step').filter((step) => step.phase === phase)
  const own = phase === 'shadow' ? all : all.filter(({ weight }) => weight > 0)
  return own
    .filter(({ opening = 0 }) => phase === 'probation' || opening === openings)
    .sort((one, other) => one.step - other.step)
}

/**
 * Epoch ms of event time. Every look states it; before the first one it is the move's, with the day of the first step.
 */
function openedAt(known: Known, phase: ExposurePhase, moved: string): number {
  const [look] = looksOf(known, phase)
  if (look) return Date.parse(look.body.opened)
  const opened = eventNow(known.clock, Date.parse(moved))
  const day = stepsOf(known, phase)[0]?.fromDay
  return day === undefined || firstExposedDay(opened) === day ? opened : day
}

/** The move that opened the canary which is open now. */
function openMove({ run }: Known) {
  const newest = run.entries.filter(ofKind('alias_move')).findLast(({ body }) => body.alias === 'canary')
  return newest && newest.body.to !== null ? newest : null
}

/** The first step, or the end of exposure that is recorded before it, ends the shadow. */
function shadowOf(known: Known): ShadowProgress | null {
  const { run, input, openings } = known
  const open = openMove(known)
  if (!open || !input.policy.shadow) return null
  const steps = bodiesOf(run.entries, 'canary_step').filter(({ opening = 0 }) => opening === openings)
  if (steps.some(({ phase }) => phase === 'canary')) return null
  const opened = openedAt(known, 'shadow', open.at)
  return { opened, looksAfter: looksAfter(known, 'shadow', opened) }
}

/** A pause has been acted on: the person who resumes it knew. */
function looksAfter(known: Known, phase: ExposurePhase, opened: number): number {
  const newest = looksOf(known, phase).at(-1)?.body
  if (!newest) return opened
  return newest.judgement.action === 'pause' ? instantOf(newest) : instantOf(newest) - 1
}

function canaryOf(known: Known): CanaryProgress | null {
  const { input } = known
  const open = openMove(known)
  if (!open) return null
  const opened = openedAt(known, 'canary', open.at)
  const step = stepsOf(known, 'canary')
    .filter(({ step }) => step < input.policy.steps.length)
    .at(-1)
  const newest = looksOf(known, 'canary').at(-1)?.body
  const looked = newest ? instantOf(newest) : opened
  return {
    opened,
    step: step?.step ?? 0,
    stepBegan: step && step.step > 0 ? step.fromDay : opened,
    looksAfter: looksAfter(known, 'canary', opened),
    approvalUntil: looked + durationMs(input.policy.extendBy),
  }
}

/** By the deadline of the newest look, and the extensions since. */
function extensionsOf(known: Known, phase: ExposurePhase): number {
  const { deadline, extendBy } = known.input.policy
  const newest = looksOf(known, phase).at(-1)
  const extended = known.run.entries
    .filter(ofKind('operator_action'))
    .filter(({ body, seq }) => body.action === 'extend' && body.accepted && seq > (newest?.seq ?? 0)).length
  if (!newest) return extended
  const longer = Date.parse(newest.body.deadline) - Date.parse(newest.body.opened) - durationMs(deadline)
  return extended + Math.max(0, Math.floor(longer / durationMs(extendBy)))
}

function probationOf(known: Known): ProbationProgress | null {
  const { entries, workflowId } = known.run
  const move = entries.filter(ofKind('alias_move')).find((entry) => promotedBy(entry) === workflowId)
  if (!move) return null
  const { reason, evidence, actor } = move.body
  return { opened: openedAt(known, 'probation', move.at), judged: { reason, judgement: evidence, actor } }
}
