import type { RecordedLook } from '../../../contracts/ledger/index.js'
import { html, type Markup, number, table } from '../../html.js'

/** Losses of the shadow beside those of production: looks of the shadow, and of the canary while labels arrive. */
export function pairedBlock(looks: readonly RecordedLook[], unit: string): Markup {
  const rows = looks.flatMap(({ phase, judgement: { numbers } }) => {
    const { paired } = numbers
    if (!paired) return []
    const { labelled, failed, differing, coverage, effect, interval, conclusions, unmet } = paired
    return [
      [
        numbers.asOf.slice(0, 16).replace('T', ' '),
        phase,
        conclusions.join(', ') || '–',
        unmet.join(', ') || '–',
        number(labelled),
        number(failed),
        number(differing),
        number(coverage),
        number(effect),
        interval === null ? '–' : `[${interval.map(number).join(', ')}]`,
      ],
    ]
  })
  if (rows.length === 0) return html``
  const head = [
    'as of',
    'phase',
    'shows',
    'unmet',
    'labels',
    'failed',
    'differ',
    'label coverage',
    'effect',
    'interval',
  ]
  return html`<h3>shadow: losses on the same requests</h3>
<p class="note">Loss (candidate minus production; ${unit}) of requests that both scored, on mature days, with the entity as unit. Differ: requests whose two losses
are not the same. This and the canary are judged at half of alpha each.</p>
${table(head, rows, 4)}`
}
