import type { RecordedLook } from '../../../contracts/ledger/index.js'
import { html, type Markup, number, table } from '../../html.js'
import { drawIntervals, drawMaturity } from '../looks-plot.js'
import type { ReportData } from '../report-data.js'
import { cohortsBlock } from './cohorts-block.js'
import { legend } from './figures-section.js'
import { type Judge2Columns, judge2Columns } from './judge-2-columns.js'
import { pairedBlock } from './paired-block.js'
import { segmentsBlock } from './segments-block.js'
import { shadowBlock } from './shadow-block.js'

/** The judge's looks, canary and probation apart: their arms stand for different releases. */
export function looksSection({ looks, project }: ReportData): Markup {
  if (looks.length === 0) return html``
  const phases = [...new Set(looks.map(({ phase }) => phase))]
  const unit = project?.lossUnit ?? 'loss per decision'
  return html`<section><h2>The judge’s looks</h2>
${phases.map((phase) =>
  phaseBlock(
    phase,
    looks.filter((look) => look.phase === phase),
    unit,
  ),
)}${pairedBlock(looks, unit)}</section>`
}

function phaseBlock(phase: string, looks: readonly RecordedLook[], unit: string): Markup {
  if (phase === 'shadow') return shadowBlock(looks)
  const difference = phase === 'probation' ? 'promoted minus holdback' : 'canary minus production'
  const drawable = looks.some(({ judgement }) => judgement.numbers.interval !== null)
  const { margins } = looks.at(-1)?.judgement.numbers ?? {}
  const more = judge2Columns(looks)
  return html`<h3>${phase}</h3>
<p class="note">Loss (${difference}; ${unit}): below zero is better. The band is the judge’s interval, which is valid at every look. The dashed line is the
non-inferiority margin ${number(margins?.nonInferiority)}: a band wholly below it promotes. The dotted line is the harm margin ${number(margins?.harm)}: a band wholly above it rolls back.</p>
${drawable && html`<div class="scroll" tabindex="0" role="group" aria-label="Plot">${drawIntervals(looks, `difference, ${unit}`)}</div>`}
<p class="note">Decisions in each arm. Solid: those with final labels. Dashed: all exposed decisions.</p>
${legend(['candidate', 'production'])}
<div class="scroll" tabindex="0" role="group" aria-label="Plot">${drawMaturity(looks)}</div>
${more.note}
${table(
  ['as of', 'action', 'reason', 'mature', 'pending', 'label coverage', 'effect', 'interval', ...more.heads],
  looks.map((look) => lookRow(look, more)),
  3,
)}
${cohortsBlock(looks, unit)}
${segmentsBlock(looks)}`
}

function lookRow(
  { judgement: { action, reason, unmet, numbers } }: RecordedLook,
  more: Judge2Columns,
): (Markup | string)[] {
  const pair = ({ challenger, reference }: { challenger: number | null; reference: number | null }) =>
    `${number(challenger)} / ${number(reference)}`
  return [
    numbers.asOf.slice(0, 16).replace('T', ' '),
    html`<span class="${action === 'promote' ? 'good' : action === 'rollback' ? 'bad' : ''}">${action}</span>`,
    [reason, ...unmet.filter((one) => one !== reason)].join(', '),
    pair(numbers.mature),
    pair(numbers.pending),
    pair(numbers.coverage),
    number(numbers.effect),
    numbers.interval === null ? '–' : `[${numbers.interval.map(number).join(', ')}]`,
    ...more.cells(numbers),
  ]
}
