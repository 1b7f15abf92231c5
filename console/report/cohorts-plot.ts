/** The effect of each exposure day, and how many decisions have a label after how many days. */
import * as Plot from '@observablehq/plot'
import { DAY_MS } from '../../contracts/duration.js'
import type { RecordedLook } from '../../contracts/ledger/index.js'
import { type Markup, number } from '../html.js'
import { colourOf, draw } from './draw-figure.js'

type PerDay = RecordedLook['judgement']['numbers']['perDay']

export function drawEffects(perDay: PerDay, unit: string): Markup {
  const rows = perDay.map((one) => ({
    ...one,
    at: new Date(one.day),
    decisions: Math.min(one.challenger, one.reference),
    text: `${one.day}: effect ${number(one.effect)}, candidate ${number(one.challenger)} decisions, production ${number(one.reference)}`,
  }))
  const colour = colourOf('candidate', 0)
  return draw({
    ariaLabel: 'The effect of each exposure day; the table below has the numbers',
    height: 220,
    x: { label: null, type: 'utc', ...(rows.length <= 15 ? { ticks: 'day' as const } : {}) },
    y: { label: unit, nice: true },
    r: { range: [2, 7] },
    marks: [
      Plot.ruleY([0], { stroke: '#111827', strokeOpacity: 0.6 }),
      Plot.ruleX(rows, { x: 'at', y1: 0, y2: 'effect', stroke: colour, strokeOpacity: 0.5 }),
      Plot.dot(rows, { x: 'at', y: 'effect', r: 'decisions', fill: colour, title: 'text' }),
    ],
  })
}

export function drawLabelLag(
  cohorts: RecordedLook['cohorts'],
  { asOf, challenger }: { readonly asOf: string; readonly challenger: string },
): Markup {
  const rows = cohorts
    .filter(({ exposed }) => exposed > 0)
    .map(({ day, arm, exposed, labelled, mature }) => ({
      age: Math.floor((Date.parse(asOf) - Date.parse(day)) / DAY_MS),
      share: (100 * labelled) / exposed,
      name: arm === challenger ? 'candidate' : 'production',
      mature,
      text: `${day} ${arm === challenger ? 'candidate' : 'production'}: ${number(labelled)} of ${number(exposed)} labelled${mature ? ', mature' : ''}`,
    }))
    .sort((one, other) => one.age - other.age)
  const [youngest = 0, oldest = 0] = [rows[0]?.age, rows.at(-1)?.age]
  const line = (name: string) =>
    Plot.lineY(
      rows.filter((row) => row.name === name),
      { x: 'age', y: 'share', stroke: colourOf(name, 0) },
    )
  return draw({
    ariaLabel: 'The share of labelled decisions by age of the cohort; the table below has the numbers',
    height: 220,
    x: { label: 'days since the decision', ticks: Math.min(10, Math.max(1, oldest - youngest)), tickFormat: 'd' },
    y: { label: 'labelled, %', domain: [0, 100] },
    marks: [
      line('candidate'),
      line('production'),
      Plot.dot(rows, {
        x: 'age',
        y: 'share',
        r: 3.5,
        stroke: (row: (typeof rows)[number]) => colourOf(row.name, 0),
        fill: (row: (typeof rows)[number]) => (row.mature ? colourOf(row.name, 0) : '#fff'),
        title: 'text',
      }),
    ],
  })
}
