import type { RecordedLook } from '../../../contracts/ledger/index.js'
import type { SegmentNumbers } from '../../../contracts/types.js'
import { html, type Markup, number, table } from '../../html.js'

/** The segments as the newest look saw them. */
export function segmentsBlock(looks: readonly RecordedLook[]): Markup {
  const { segments, asOf } = looks.at(-1)?.judgement.numbers ?? {}
  if (!segments) return html``
  const head = ['segment', 'days', 'candidate', 'reference', 'design effect', 'effect', 'interval', '']
  return html`<h4>Segments, as of ${asOf?.slice(0, 10)}</h4>
<p class="note">The same difference in parts of the traffic; decisions with final labels. The error rate holds for all segments together. Harm in one is
enough to end the canary; better segments never promote. “unknown”: decisions whose segments could not be computed, which conclude nothing.</p>
${table(head, segments.map(row), 1)}`
}

const row = ({ name, days, challenger, reference, designEffect, effect, interval, harmful }: SegmentNumbers) => [
  name,
  number(days),
  number(challenger),
  number(reference),
  number(designEffect),
  number(effect),
  interval === null ? '–' : `[${interval.map(number).join(', ')}]`,
  harmful ? html`<span class="bad">harm</span>` : '',
]
