/** How far the shadow, canary or probation of a run was, by the ledger alone. */
import type { BreachesRead } from '../contracts/activities.js'
import { eventNow, type ReleaseClock } from '../contracts/clock.js'
import type { CanaryProgress, ProbationProgress, ShadowProgress } from '../contracts/continued-release.js'
import { durationMs } from '../contracts/duration.js'
import { type ExposurePhase, firstExposedDay } from '../contracts/exposure.js'
import { bodiesOf, ofKind, promotedBy } from '../contracts/ledger/index.js'
import type { ReleaseInput } from '../contracts/types.js'
import type { ReleaseRunRecord } from '../registry/index.js'
import { instantOf } from './looks/recorded-looks.js'

/** What a phase is rebuilt from. */
export interface Known {
  readonly run: ReleaseRunRecord
  readonly input: ReleaseInput
  readonly clock: ReleaseClock
  readonly openings: number
}

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
export function shadowOf(known: Known): ShadowProgress | null {
  const { run, input, openings } = known
  const open = openMove(known)
  if (!open || !input.policy.shadow) return null
  const steps = bodiesOf(run.entries, 'canary_step').filter(({ opening = 0 }) => opening === openings)
  if (steps.some(({ phase }) => phase === 'canary')) return null
  const opened = openedAt(known, 'shadow', open.at)
  return { opened, looksAfter: looksAfter(known, 'shadow', opened), ...actedOn(known, 'shadow') }
}

/**
 * What it had of the breaches in the last look that it acted on. A look that rolls back ends a run: the results of all
 * from the first of them on were dropped. Nor is the newest known to be acted on, unless it paused, as above.
 */
function actedOn(known: Known, phase: 'shadow' | 'canary'): { readonly actedOn?: BreachesRead } {
  const all = looksOf(known, phase).map(({ body }) => body)
  const dropped = all.findIndex(({ judgement }) => judgement.action === 'rollback')
  const newest = all.at(-1)?.judgement.action === 'pause' ? all.length : all.length - 1
  const ofShadow = phase === 'canary' ? looksOf(known, 'shadow').at(-1)?.body : undefined
  const last = all[(dropped < 0 ? newest : dropped) - 1] ?? ofShadow
  if (last === undefined) {
    const place = openMove(known)?.seq ?? 0
    return { actedOn: { read: place, through: place } }
  }
  const { breachesRead: read, breachesThrough: through } = last
  // Looks of earlier builds state no places.
  return read === undefined ? {} : { actedOn: { read, ...(through === undefined ? {} : { through }) } }
}

/** A pause has been acted on: the person who resumes it knew. */
function looksAfter(known: Known, phase: ExposurePhase, opened: number): number {
  const newest = looksOf(known, phase).at(-1)?.body
  if (!newest) return opened
  return newest.judgement.action === 'pause' ? instantOf(newest) : instantOf(newest) - 1
}

export function canaryOf(known: Known): (CanaryProgress & { readonly inShadow: number }) | null {
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
    ...actedOn(known, 'canary'),
    approvalUntil: looked + durationMs(input.policy.extendBy),
    inShadow: input.policy.shadow ? extended(known, { to: firstStepAt(known) }) : 0,
  }
}

/** By the deadline of the newest look, and the extensions since; before the first one, those of the phase. */
export function extensionsOf(known: Known, phase: 'shadow' | 'canary'): number {
  const { deadline, extendBy, shadow } = known.input.policy
  const newest = looksOf(known, phase).at(-1)
  if (!newest) return extended(known, shadow && phase === 'canary' ? { from: firstStepAt(known) } : {})
  const longer = Date.parse(newest.body.deadline) - Date.parse(newest.body.opened) - durationMs(deadline)
  return extended(known, { from: newest.seq }) + Math.max(0, Math.floor(longer / durationMs(extendBy)))
}

/** Extensions by operators between two places of the ledger, in the opening that is open. */
function extended(known: Known, { from = 0, to = Number.POSITIVE_INFINITY }: { from?: number; to?: number }): number {
  const opened = openMove(known)?.seq ?? 0
  return known.run.entries
    .filter(ofKind('operator_action'))
    .filter(({ body, seq }) => body.action === 'extend' && body.accepted && seq > Math.max(from, opened) && seq < to)
    .length
}

/** Place in the ledger at which the canary after a shadow began; infinite while it has not. */
function firstStepAt({ run, openings }: Known): number {
  const steps = run.entries.filter(ofKind('canary_step'))
  const first = steps.find(({ body }) => body.phase === 'canary' && (body.opening ?? 0) === openings)
  return first?.seq ?? Number.POSITIVE_INFINITY
}

export function probationOf(known: Known): ProbationProgress | null {
  const { entries, workflowId } = known.run
  const move = entries.filter(ofKind('alias_move')).find((entry) => promotedBy(entry) === workflowId)
  if (!move) return null
  const { reason, evidence, actor } = move.body
  return { opened: openedAt(known, 'probation', move.at), judged: { reason, judgement: evidence, actor } }
}
