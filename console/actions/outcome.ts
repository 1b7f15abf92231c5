/** What became of an action, from the record: the page that a form leads back to. */
import { bodiesOf, type LedgerEntry, rollbackKey } from '../../contracts/ledger/index.js'
import type { AliasMoveRecord } from '../../registry/index.js'
import { html, type Markup } from '../html.js'
import { typed } from '../parts.js'
import { releasePath } from '../paths.js'

/** @param did id of an action on this run; null for a page that was opened by itself */
export function actionOutcome(entries: readonly LedgerEntry[], did: string | null): Markup {
  if (did === null) return html``
  // A run renames an id that was used for another action.
  const isIt = ({ id, action }: { id: string; action: string }) => id === did || id === `${did}:${action}`
  const all = bodiesOf(entries, 'operator_action').filter(isIt)
  const body = all.findLast(({ pending }) => pending === undefined) ?? all.at(-1)
  if (!body) return outcome('', html`The record does not hold the action yet; this page shows the answer when it does.`)
  const { action, by, identity, reason, accepted, pending, message } = body
  const how = identity ? `, ${identity}` : ''
  const who = html`${action} by ${typed(by, 300)}${how} (${typed(reason, 300)})`
  if (pending) return outcome('', html`${who}: ${typed(message)}.`)
  return accepted
    ? outcome('good', html`Done: ${who}: ${typed(message)}.`)
    : outcome('bad', html`Refused, and nothing was changed: ${who}: ${typed(message)}.`)
}

/** @param moves of the project's aliases */
export function rollbackOutcome(moves: readonly AliasMoveRecord[], did: string | null): Markup {
  if (did === null) return html``
  const move = moves.find(({ key }) => key === rollbackKey(did))
  if (!move) return outcome('bad', html`The record holds no rollback with this id.`)
  const how = move.identity ? `, ${move.identity}` : ''
  return outcome(
    'good',
    html`Done: production moved from ${typed(move.from ?? 'none', 200)} to ${typed(move.to ?? 'none', 200)}, by ${typed(move.actor, 300)}${how} (${typed(move.reason, 300)}). Open releases notice it at once, or at their next look.`,
  )
}

/** @param triggers of the release that was asked for; none while it is not recorded */
export function startOutcome(triggers: readonly LedgerEntry[], started: string | null): Markup {
  if (started === null) return html``
  const [entry] = triggers
  const [input] = bodiesOf(triggers, 'trigger')
  if (!entry || !input)
    return outcome(
      '',
      html`The record does not hold release ${typed(started, 100)} yet; this page shows it when it does.`,
    )
  const { id, by, cause } = input.trigger
  return outcome(
    'good',
    html`Started: release <a href="${releasePath(entry.subject)}">${typed(id, 100)}</a>, by ${typed(by, 300)} (${typed(cause?.reason ?? 'without a reason', 300)}).`,
  )
}

const outcome = (kind: string, text: Markup): Markup =>
  html`<p class="outcome ${kind}" role="status" id="outcome">${text}</p>`
