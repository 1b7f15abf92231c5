import type { RecordedLook } from '../../../contracts/ledger/index.js'
import { html, type Markup, number, table } from '../../html.js'

/** The candidate beside production on the same requests, before its first step. */
export function shadowBlock(looks: readonly RecordedLook[]): Markup {
  const rows = looks.map(({ shadow, judgement: { action, reason, numbers } }) => {
    const scored = (shadow?.compared ?? 0) - (shadow?.failed ?? 0)
    return [
      numbers.asOf.slice(0, 16).replace('T', ' '),
      action === 'continue' ? action : `${action}: ${reason}`,
      number(shadow?.compared),
      number(shadow?.failed),
      scored > 0 ? `${((100 * (shadow?.otherActions ?? 0)) / scored).toFixed(1)} %` : '–',
      number(shadow?.differences?.median),
      number(shadow?.differences?.p90),
      number(shadow?.differences?.p99),
      number(shadow?.differences?.largest),
      number(shadow?.mature),
    ]
  })
  const head = ['as of', 'action', 'compared', 'failed', 'other actions', 'median', '90 %', '99 %', 'largest', 'mature']
  return html`<h3>shadow</h3>
<p class="note">Production answered; the candidate scored the same requests, and nothing was done with its outputs. Other actions: where its action was not the
action of production. Median to largest: how far the two outputs are apart, by the value that differs most.</p>
${table(head, rows, 2)}
${bySegment(looks)}`
}

/** Of the newest look. */
function bySegment(looks: readonly RecordedLook[]): Markup {
  const { segments = [] } = looks.at(-1)?.shadow ?? {}
  if (segments.length === 0) return html``
  const rows = segments.map(({ segment, compared, failed, otherActions, p99 }) => [
    segment,
    number(compared),
    number(failed),
    compared > failed ? `${((100 * otherActions) / (compared - failed)).toFixed(1)} %` : '–',
    number(p99),
  ])
  return html`<p class="note">The newest look by segment.</p>
${table(['segment', 'compared', 'failed', 'other actions', '99 %'], rows, 1)}`
}
