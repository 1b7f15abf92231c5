/** What an operator action will do, in a sentence, before it is taken. */
import { NOTHING_TO_APPROVE, type OperatorActionName } from '../../contracts/names.js'
import { startedByThem } from '../../contracts/other-person.js'
import { POSSIBLE } from '../../contracts/possible-actions.js'
import { percent } from '../parts.js'
import type { ActionFacts } from './action-facts.js'

export const CONSOLE_ACTIONS = ['approve', 'promote', 'pause', 'resume', 'extend', 'abort'] as const
export type ConsoleAction = (typeof CONSOLE_ACTIONS)[number]

export interface Consequence {
  /** What will be in production, which traffic changes, and what cannot be undone. */
  readonly says: string
  /** Why it is not possible now; null when it is. */
  readonly not: string | null
  /** What the sentence depends on: a form with another one is stale. */
  readonly key: string
  /** The release that a rollback makes production. */
  readonly to?: string
}

export const signalOf = (action: ConsoleAction): OperatorActionName => (action === 'approve' ? 'promote' : action)

/** Those that would not be refused now. */
export const possibleActions = (facts: ActionFacts): ConsoleAction[] =>
  CONSOLE_ACTIONS.filter((action) => consequenceOf(action, facts).not === null)

export function consequenceOf(action: ConsoleAction, facts: ActionFacts): Consequence {
  const { run, open, production, exposure } = facts
  const reasons = [run.stage, production, facts.replaced, run.releaseId, run.verdict, exposure?.phase ?? null]
  const key = JSON.stringify([
    action,
    ...reasons,
    Boolean(open?.asked),
    Boolean(open?.paused),
    facts.extensions,
    facts.closed !== null,
  ])
  return { says: says(action, facts), not: notNow(action, facts), key }
}

function notNow(action: ConsoleAction, { run, open, exposure, closed }: ActionFacts): string | null {
  if (run.verdict !== null || !open)
    return `The release has ended (${run.verdict ?? 'just now'}): ${action} changes nothing.`
  // Its workflow takes nothing any more: an abort is recorded without it, and a resume starts another one.
  if (closed) return action === 'abort' || (action === 'resume' && closed.resumable) ? null : closed.text
  const { stage, asked, paused, input } = open
  if (!POSSIBLE[stage].includes(signalOf(action))) return `${action} is not possible in stage ${stage}.`
  if (action === 'approve' && !asked) return `Not possible: ${NOTHING_TO_APPROVE}.`
  if (action === 'promote') {
    if (asked) return 'The release waits for an approval: approve it instead.'
    if (exposure?.phase === 'shadow') return 'It is in the shadow, and its first step has not begun.'
    if (input.policy.manualPromote === 'never') return 'Its policy does not allow promotion by hand.'
  }
  if (action === 'pause' && paused && !asked) return 'It is paused already.'
  if (action === 'resume' && !paused) return 'It is not paused.'
  if (action === 'extend' && input.policy.maxExtensions === 0) return 'Its policy allows no extension.'
  return null
}

function says(action: ConsoleAction, facts: ActionFacts): string {
  const { run, open, extensions } = facts
  const production = `Production stays ${facts.production ?? 'none'}`
  const candidate = run.releaseId ?? 'the candidate'
  switch (action) {
    case 'approve':
    case 'promote':
      return promotes(action, facts, candidate)
    case 'pause':
      return `${production}, and ${candidate} keeps ${shareOf(facts)}; there is no wider step and no promotion until it is resumed, and a breach still rolls it back.`
    case 'resume':
      if (facts.closed)
        return `${production}, and ${candidate} keeps ${shareOf(facts)}; its ${run.stage} continues in a new workflow from where the ledger has it${open?.paused ? ', and wider steps and a promotion are possible again' : ''}.`
      return `${production}, and ${candidate} keeps ${shareOf(facts)}; from now on wider steps and a promotion are possible again, without another confirmation unless the policy asks for an approval.`
    case 'extend': {
      const { extendBy = '', maxExtensions = 0 } = open?.input.policy ?? {}
      return `${production} and no share of the traffic changes; the deadline moves by ${extendBy} of event time (${extensions} by operators so far, the policy allows ${maxExtensions} in all), which cannot be taken back.`
    }
    case 'abort':
      return aborts(facts, candidate, production)
  }
}

function promotes(action: 'approve' | 'promote', facts: ActionFacts, candidate: string): string {
  const holdback = facts.open?.input.policy.probation.holdback ?? 0
  const how = action === 'approve' ? '' : ' before its window is over, recorded as an override'
  const { policy, trigger } = facts.open?.input ?? {}
  const approval = policy?.promotionApproval === 'other_person' && trigger ? ` ${startedByThem(trigger.by)}.` : ''
  return `Unless one more look shows harm or a breach, ${candidate} replaces ${facts.production ?? 'nothing'} in production${how}: its share of the traffic grows from ${shareOf(facts)} to ${percent(10_000 - holdback)}; decisions made meanwhile cannot be taken back, and an abort in its probation, or a rollback, restores ${facts.production ?? 'nothing'}.${approval}`
}

function aborts({ run, replaced, exposure }: ActionFacts, candidate: string, production: string): string {
  const end = 'the end cannot be undone: to try again, start another release'
  if (run.stage === 'probation' || (run.stage === 'promoting' && replaced !== null))
    return `Production moves from ${candidate} back to ${replaced ?? 'the earlier release'} for all traffic, and the release ends as reverted; ${end}.`
  if (run.stage === 'promoting')
    return `${production}, or becomes it again if it has moved meanwhile, and the release ends as aborted or reverted; ${end}.`
  const traffic =
    exposure === null
      ? 'no share of the traffic changes'
      : exposure.phase === 'shadow'
        ? `${candidate} scores no more requests`
        : `the ${percent(exposure.candidateShare)} of the traffic that ${candidate} answers goes back to production`
  return `${production}; ${traffic}, and the release ends as aborted; ${end}.`
}

function shareOf({ exposure }: ActionFacts): string {
  if (exposure === null) return 'no share of the traffic'
  return exposure.phase === 'shadow'
    ? 'its place in the shadow'
    : `its ${percent(exposure.candidateShare)} of the traffic`
}
