import { html, type Markup } from '../html.js'
import { actionPath } from '../paths.js'
import type { ActionFacts } from './action-facts.js'
import { possibleActions } from './consequence.js'

/** Each leads to its consequence and a form: nothing is done by a link. */
export function actionLinks(facts: ActionFacts): Markup {
  const possible = possibleActions(facts)
  if (possible.length === 0) return html``
  return html`<section id="actions"><h2>Actions</h2>
<p class="note">Each shows its consequence first and asks for a reason.</p>
<ul class="actions">${possible.map(
    (action) =>
      html`<li><a class="button" href="${actionPath(facts.run.workflowId, action)}">${LABELS[action]}</a></li>`,
  )}</ul></section>`
}

export const LABELS = {
  approve: 'Approve the promotion',
  promote: 'Promote now',
  pause: 'Pause',
  resume: 'Resume',
  extend: 'Extend the deadline',
  abort: 'Abort',
} as const
