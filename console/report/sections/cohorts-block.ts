/** What the newest look saw: each arm, each exposure day, and how long labels take. */
import type { RecordedLook } from '../../../contracts/ledger/index.js'
import { html, type Markup, number, table } from '../../html.js'
import { drawEffects } from '../cohorts-plot.js'
import { labelLagBlock, share } from './label-lag-block.js'

type Cohort = RecordedLook['cohorts'][number]

export function cohortsBlock(looks: readonly RecordedLook[], unit: string): Markup {
  const look = looks.at(-1)
  // Looks of tests and of a run that a worker lost may have none.
  if (!look?.cohorts?.length) return html``
  const { judgement, cohorts, arms } = look
  const { numbers } = judgement
  const named = cohorts.filter(({ arm }) => arm === arms.challenger || arm === arms.reference)
  return html`<h4>Arms, as of ${numbers.asOf.slice(0, 10)}</h4>
<p class="note">Expected share: what the split should give on the days so far. Sample-ratio check: p = ${number(numbers.sampleRatioP)}; a small p means that the split is not
what it should be, and nothing is concluded.</p>
${armsTable(named, arms)}
${
  numbers.perDay.length > 0 &&
  html`<h4>Effect by exposure day</h4>
<p class="note">Difference of mean losses of each day (${unit}); decisions with final labels. Larger dots have more decisions.</p>
<div class="scroll" tabindex="0" role="group" aria-label="Plot">${drawEffects(numbers.perDay, `difference, ${unit}`)}</div>
<details><summary>Numbers of ${numbers.perDay.length} days</summary>${table(
    ['day', 'effect', 'candidate', 'production'],
    numbers.perDay.map((one) => [one.day, number(one.effect), number(one.challenger), number(one.reference)]),
    1,
  )}</details>`
}
<h4>Cohorts and label lag</h4>
${labelLagBlock(look)}`
}

function armsTable(cohorts: readonly Cohort[], { challenger, reference }: RecordedLook['arms']): Markup {
  const sum = (some: readonly Cohort[], of: (one: Cohort) => number) => some.reduce((total, one) => total + of(one), 0)
  const all = sum(cohorts, ({ exposed }) => exposed)
  const dayTotal = new Map<string, number>()
  for (const { day, exposed } of cohorts) dayTotal.set(day, (dayTotal.get(day) ?? 0) + exposed)
  const row = (name: string, arm: Cohort['arm']) => {
    const own = cohorts.filter((one) => one.arm === arm)
    const mature = own.filter((one) => one.mature)
    const exposed = sum(own, (one) => one.exposed)
    const expected = sum(own, ({ day, expectedShare }) => ((dayTotal.get(day) ?? 0) * expectedShare) / 10_000)
    return [
      `${name} (${arm})`,
      number(exposed),
      number(sum(mature, (one) => one.exposed)),
      share(
        sum(mature, (one) => one.labelled),
        sum(mature, (one) => one.exposed),
      ),
      share(
        sum(own, (one) => one.labelled),
        exposed,
      ),
      share(exposed, all),
      share(expected, all),
    ]
  }
  const head = [
    'arm',
    'decisions',
    'of mature days',
    'their label coverage',
    'labelled so far',
    'share',
    'expected share',
  ]
  return table(head, [row('candidate', challenger), row('production', reference)], 1)
}
