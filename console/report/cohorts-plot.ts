/** The effect of each exposure day, and how many decisions have a label after how many days. */
import * as Plot from '@observablehq/plot'
import { DAY_MS } from '../../contracts/duration.js'
import type { RecordedLook } from '../../contracts/ledger/index.js'
import type { Markup } from '../html.js'
import { colourOf, draw } from './draw-figure.js'

type PerDay = RecordedLook['judgement']['numbers']['perDay']

export function drawEffects(perDay: PerDay, unit: string): Markup {
  const rows = perDay.map((one) => ({
    ...one,
    at: new Date(one.day),
    decisions: Math.min(one.challenger, one.reference),
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
      Plot.dot(rows, { x: 'at', y: 'effect', r: 'decisions', fill: colour }),
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
    }))
    .sort((one, other) => one.age - other.age)
  const line = (name: string) =>
    Plot.lineY(
      rows.filter((row) => row.name === name),
      { x: 'age', y: 'share', stroke: colourOf(name, 0) },
    )
  return draw({
    ariaLabel: 'The share of labelled decisions by age of the cohort; the table below has the numbers',
    height: 220,
    x: { label: 'days since the decision' },
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
      }),
    ],
  })
}
