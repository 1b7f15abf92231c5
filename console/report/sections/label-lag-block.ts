/** Which share of a day's decisions has a label after how many days. */
import type { RecordedLook } from '../../../contracts/ledger/index.js'
import { html, type Markup, number, table } from '../../html.js'
import { drawLabelLag } from '../cohorts-plot.js'
import { legend } from './figures-section.js'

export const share = (part: number, whole: number): string =>
  whole > 0 ? `${((100 * part) / whole).toFixed(1)} %` : '–'

export function labelLagBlock({ judgement: { numbers }, cohorts, arms }: RecordedLook): Markup {
  const named = cohorts.filter(({ arm }) => arm === arms.challenger || arm === arms.reference)
  const state = (day: string, mature: boolean) =>
    mature ? 'mature' : day === numbers.asOf.slice(0, 10) ? 'exposing' : 'maturing'
  return html`<p class="note">A cohort is a day’s decisions in one arm. It matures when all its labels are final; until then its labels do not count. The plot shows which share
has a label after how many days.</p>
${legend(['candidate', 'production'])}
<div class="scroll" tabindex="0" role="group" aria-label="Plot">${drawLabelLag(named, { asOf: numbers.asOf, challenger: arms.challenger })}</div>
<details><summary>Numbers of ${named.length} cohorts</summary>${table(
    ['day', 'arm', 'state', 'decisions', 'labelled', 'coverage'],
    named.map(({ day, arm, mature, exposed, labelled }) => [
      day,
      arm === arms.challenger ? 'candidate' : 'production',
      state(day, mature),
      number(exposed),
      number(labelled),
      share(labelled, exposed),
    ]),
    3,
  )}</details>`
}
