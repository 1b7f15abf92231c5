/** The judge's interval look by look, and how much evidence it had. */
import * as Plot from '@observablehq/plot'
import type { RecordedLook } from '../../contracts/ledger/index.js'
import { type Markup, number } from '../html.js'
import { colourOf, draw } from './draw-figure.js'

const ACTION_COLOURS: Readonly<Record<string, string>> = {
  promote: '#15803d',
  rollback: '#b91c1c',
  hold: '#a16207',
  pause: '#a16207',
  continue: '#6b7280',
}

export const actionColour = (action: string): string => ACTION_COLOURS[action] ?? '#6b7280'

/** One tick a day as long as they fit. */
const dayScale = (rows: readonly { at: Date }[]) => {
  const days = new Set(rows.map(({ at }) => at.toISOString().slice(0, 10))).size
  return { label: null, type: 'utc' as const, ...(days <= 15 ? { ticks: 'day' as const } : {}) }
}

const minute = (iso: string): string => iso.slice(0, 16).replace('T', ' ')

export function drawIntervals(looks: readonly Pick<RecordedLook, 'judgement'>[], unit: string): Markup {
  const rows = looks.flatMap(({ judgement: { action, numbers } }) =>
    numbers.interval === null || numbers.effect === null
      ? []
      : [
          {
            at: new Date(numbers.asOf),
            effect: numbers.effect,
            low: numbers.interval[0],
            high: numbers.interval[1],
            action,
            text: `${minute(numbers.asOf)}: difference ${number(numbers.effect)}, interval ${number(numbers.interval[0])} to ${number(numbers.interval[1])}, ${action}`,
          },
        ],
  )
  const margins = looks.at(-1)?.judgement.numbers.margins ?? { nonInferiority: 0, harm: 0 }
  // The first intervals are wide: the scale is chosen for the later ones.
  const edges = rows.slice(Math.floor(rows.length / 3)).flatMap(({ low, high }) => [low, high])
  const all = [...edges, 0, margins.nonInferiority, margins.harm]
  const low = Math.min(...all)
  const high = Math.max(...all)
  const room = (high - low || 1) * 0.1
  return draw({
    ariaLabel: 'The interval at each look against its margins; the table below has the numbers',
    height: 300,
    x: dayScale(rows),
    y: { label: unit, domain: [low - room, high + room] },
    marks: [
      Plot.ruleY([0], { stroke: '#111827', strokeOpacity: 0.6 }),
      Plot.ruleY([margins.nonInferiority], { stroke: actionColour('promote'), strokeDasharray: '5 4' }),
      Plot.ruleY([margins.harm], { stroke: actionColour('rollback'), strokeDasharray: '2 4' }),
      Plot.areaY(rows, {
        x: 'at',
        y1: 'low',
        y2: 'high',
        fill: colourOf('candidate', 0),
        fillOpacity: 0.15,
        clip: true,
      }),
      Plot.ruleX(rows, {
        x: 'at',
        y1: 'low',
        y2: 'high',
        stroke: colourOf('candidate', 0),
        strokeOpacity: 0.5,
        clip: true,
      }),
      Plot.lineY(rows, { x: 'at', y: 'effect', stroke: colourOf('candidate', 0), clip: true }),
      Plot.dot(rows, {
        x: 'at',
        y: 'effect',
        r: 4,
        fill: (row: { action: string }) => actionColour(row.action),
        title: 'text',
        clip: true,
      }),
    ],
  })
}

export function drawMaturity(looks: readonly RecordedLook[]): Markup {
  const rows = looks.map(({ judgement: { numbers } }) => ({ at: new Date(numbers.asOf), ...numbers }))
  const line = (of: 'mature' | 'exposed', arm: 'challenger' | 'reference') =>
    Plot.lineY(rows, {
      x: 'at',
      y: (row: (typeof rows)[number]) => row[of][arm],
      stroke: colourOf(arm === 'challenger' ? 'candidate' : 'production', 0),
      strokeWidth: 1.8,
      ...(of === 'exposed' ? { strokeDasharray: '4 4', strokeOpacity: 0.7 } : {}),
    })
  const finals = rows.flatMap((row) =>
    (['reference', 'challenger'] as const).map((arm) => {
      const name = arm === 'challenger' ? 'candidate' : 'production'
      const [final, all] = [row.mature[arm], row.exposed[arm]]
      const text = `${minute(row.asOf)}: ${name}, ${number(final)} decisions with final labels of ${number(all)}`
      return { at: row.at, final, name, text }
    }),
  )
  return draw({
    ariaLabel: 'Decisions of each arm at each look; the table below has the numbers',
    height: 220,
    marginLeft: 70,
    x: dayScale(rows),
    y: { label: 'decisions', nice: true, zero: true },
    marks: [
      line('exposed', 'reference'),
      line('exposed', 'challenger'),
      line('mature', 'reference'),
      line('mature', 'challenger'),
      Plot.dot(finals, {
        x: 'at',
        y: 'final',
        r: 3,
        fill: (row: (typeof finals)[number]) => colourOf(row.name, 0),
        title: 'text',
      }),
    ],
  })
}
