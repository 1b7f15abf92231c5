/** The form of an operator action: its consequence first, then why, then the button. It works without a script. */
import { LONGEST_NAME, LONGEST_REASON } from '../../contracts/limits.js'
import { html, type Markup } from '../html.js'
import { typed } from '../parts.js'
import type { Consequence } from './consequence.js'

/** As a browser sends it. */
export interface ActionFields {
  readonly reason: string
  /** Empty where the session names the person. */
  readonly by: string
  /** Made with the form, so that the same form sent twice is one action. */
  readonly id: string
  /** Those of one form alone, by name. */
  readonly more?: Readonly<Record<string, string>>
}

export interface ActionFormParts {
  readonly title: string
  readonly about: Markup
  /** Address that the form is sent to. */
  readonly address: string
  /** Address to go back to. */
  readonly back: string
  readonly button: string
  readonly consequence: Consequence
  readonly fields: ActionFields
  /** The inputs of this form alone. */
  readonly inputs?: Markup | undefined
  readonly csrf: string
  /** The proven name of the person; null where names are stated. */
  readonly person: string | null
  /** Why the person may not act; null when they may. */
  readonly mayNot: string | null
  /** What was wrong with what was sent; nothing was done. */
  readonly problem: string | null
}

export function actionForm(parts: ActionFormParts): Markup {
  const { title, about, back, consequence, problem, mayNot } = parts
  const refused = mayNot ?? consequence.not
  return html`<div class="head" id="head"><p class="note">${about}</p><h1>${title}</h1>
${problem !== null && html`<p class="warning" role="alert" id="problem"><strong>Nothing was done.</strong> ${typed(problem, 4_000)}</p>`}
<p class="lead" id="consequence">${consequence.not === null ? typed(consequence.says) : ''}</p>
${refused === null ? formOf(parts) : html`<p class="warning" id="refused">${typed(refused)}</p>`}
<p><a href="${back}">Back, and change nothing</a></p></div>`
}

function formOf({ address, button, consequence, fields, inputs, csrf, person }: ActionFormParts): Markup {
  return html`<form method="post" action="${address}" class="act">
<input type="hidden" name="csrf" value="${csrf}">
<input type="hidden" name="id" value="${fields.id}">
<input type="hidden" name="seen" value="${consequence.key}">
${inputs}
${reasonField(fields.reason)}
${person === null ? nameField(fields.by) : html`<p class="note">Recorded as <strong>${typed(person)}</strong>: proven by your login.</p>`}
<p><button type="submit">${button}</button></p></form>`
}

/** A first line break in a textarea is dropped by the browser, so one is added. */
const reasonField = (reason: string): Markup => html`<p><label for="reason">Reason, recorded in the ledger</label>
<textarea id="reason" name="reason" rows="4" required maxlength="${LONGEST_REASON}" aria-describedby="reason-rule">
${reason}</textarea><span class="note" id="reason-rule">At most ${LONGEST_REASON} characters.</span></p>`

const nameField = (by: string): Markup => html`<p><label for="by">Your name</label>
<input id="by" name="by" required maxlength="${LONGEST_NAME}" autocomplete="name" value="${by}" aria-describedby="by-rule">
<span class="note" id="by-rule">This service has no login: the record says that the name is stated, not proven.</span></p>`

/**
 * For a form whose session has ended: what was typed, and nothing of the project.
 * @param loginAddress where a login begins
 */
export function sessionEndedForm(
  address: string,
  { fields, seen, loginAddress }: { fields: ActionFields; seen: string; loginAddress: string },
): Markup {
  return html`<div class="head" id="head"><h1>Your session has ended</h1>
<p class="warning" role="alert" id="problem"><strong>Nothing was done.</strong> What you typed is below.</p>
<ol><li><a href="${loginAddress}" target="_blank" rel="noopener">Log in again in a new tab</a>, and come back to this one.</li>
<li>Continue: the consequence is shown once more before anything is done.</li></ol>
<form method="post" action="${address}" class="act">
<input type="hidden" name="csrf" value=""><input type="hidden" name="id" value="${fields.id}"><input type="hidden" name="seen" value="${seen}">
${Object.entries(fields.more ?? {}).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
${reasonField(fields.reason)}
<p><button type="submit">Continue</button></p></form></div>`
}
