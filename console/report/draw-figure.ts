/** Draws figures as SVG on the server, with Observable Plot in a linkedom document. */
import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import type { Figure } from '../../contracts/types.js'
import { Markup, number } from '../html.js'
import { makeReadable } from './readable-marks.js'

const WIDTH = 960

const COLOURS: Readonly<Record<string, string>> = { candidate: '#1664c0', production: '#c2570c' }
const OTHERS = ['#4b5563', '#7c3aed', '#0f766e', '#be185d', '#a16207']

/** `candidate, in force` has the colour of `candidate`. */
export const colourOf = (name: string, index: number): string =>
  COLOURS[name.split(',')[0] ?? ''] ?? OTHERS[index % OTHERS.length] ?? '#4b5563'

export function draw(options: Plot.PlotOptions): Markup {
  const { document } = parseHTML('<html><body></body></html>')
  const drawn = Plot.plot({ width: WIDTH, marginLeft: 60, marginBottom: 42, grid: true, ...options, document })
  // The style sheet of the page has the styles: the policy of the console allows none inside the page.
  drawn.removeAttribute('style')
  for (const style of drawn.querySelectorAll('style')) style.remove()
  // An image has one name; those of its parts are not announced, and not permitted.
  for (const part of drawn.querySelectorAll('[aria-label]')) part.removeAttribute('aria-label')
  makeReadable(drawn)
  return new Markup(drawn.outerHTML)
}

/** `name: x, y [low, high]` */
const textOf = (name: string, { x, y, low, high }: Figure['series'][number]['points'][number]): string =>
  `${name}: ${typeof x === 'number' ? number(x) : x}, ${number(y)}${low !== undefined && high !== undefined ? ` [${number(low)}, ${number(high)}]` : ''}`

interface Point {
  readonly x: number | string | Date
  readonly y: number
  readonly low?: number | undefined
  readonly high?: number | undefined
  readonly text: string
}

const DAY = /^\d{4}-\d{2}-\d{2}/

export function drawFigure(figure: Figure): Markup {
  const words = figure.series.some(({ points }) => points.some(({ x }) => typeof x === 'string' && !DAY.test(x)))
  return figure.kind === 'bar' || (figure.kind === 'dot' && words) ? drawCategories(figure) : drawPoints(figure)
}

/** Lines and dots over numbers, days or ordered categories. */
function drawPoints({ title, kind, x, y, series }: Figure): Markup {
  const xs = series.flatMap(({ points }) => points.map((point) => point.x))
  const days = xs.length > 0 && xs.every((value) => typeof value === 'string' && DAY.test(value))
  const words = !days && xs.some((value) => typeof value === 'string')
  const marks = series.flatMap(({ name, points }, index) => {
    const data: Point[] = points.map((point) => ({
      ...point,
      x: days ? new Date(point.x) : point.x,
      text: textOf(name, point),
    }))
    const stroke = colourOf(name, index)
    // A series that is neither candidate nor production is a reference: drawn dashed.
    const dashed = COLOURS[name.split(',')[0] ?? ''] === undefined
    const single = points.length === 1
    const line = !single && (kind === 'line' || dashed)
    const ranged = data.filter(({ low, high }) => low !== undefined && high !== undefined)
    return [
      ...(ranged.length > 0 ? [Plot.ruleX(ranged, { x: 'x', y1: 'low', y2: 'high', stroke, strokeOpacity: 0.5 })] : []),
      ...(line
        ? [
            Plot.lineY(data, {
              x: 'x',
              y: 'y',
              stroke,
              strokeWidth: 1.8,
              ...(dashed ? { strokeDasharray: '4 4' } : {}),
            }),
          ]
        : []),
      ...(!line || ranged.length > 0
        ? [Plot.dot(data, { x: 'x', y: 'y', fill: stroke, r: single ? 5 : 3, title: 'text' })]
        : []),
    ]
  })
  const scale = words ? { type: 'point' as const, domain: [...new Set(xs.map(String))] } : {}
  return draw({ ariaLabel: title, height: 300, x: { label: x, ...scale }, y: { label: y, nice: true }, marks })
}

/** One row per category and one mark per series: a dot with its interval, or a bar when there is no interval. */
function drawCategories({ title, y, series }: Figure): Markup {
  const names = [...new Set(series.flatMap(({ points }) => points.map((point) => String(point.x))))]
  const step = Math.max(18, 9 * series.length)
  const marks = series.flatMap(({ name, points }, index) => {
    const colour = colourOf(name, index)
    const data = points.map((point) => ({ ...point, x: String(point.x), text: textOf(name, point) }))
    const offset = (index - (series.length - 1) / 2) * 7
    const ranged = data.filter(({ low, high }) => low !== undefined && high !== undefined)
    if (ranged.length === 0) {
      const inset = {
        insetTop: (index * step) / series.length + 1,
        insetBottom: step - ((index + 1) * step) / series.length + 1,
      }
      return [Plot.barX(data, { y: 'x', x: 'y', fill: colour, title: 'text', ...inset })]
    }
    return [
      Plot.ruleY(ranged, {
        y: 'x',
        x1: 'low',
        x2: 'high',
        stroke: colour,
        strokeOpacity: 0.5,
        strokeWidth: 2,
        dy: offset,
      }),
      Plot.dot(data, { y: 'x', x: 'y', fill: colour, r: 3.5, dy: offset, title: 'text' }),
    ]
  })
  const longest = Math.max(4, ...names.map((name) => name.length))
  return draw({
    ariaLabel: title,
    height: names.length * step + 60,
    marginLeft: Math.min(240, 20 + longest * 7),
    x: { label: y },
    y: { label: null, domain: names, padding: 0 },
    marks,
  })
}

/** Names and colours of the series, as text beside the drawing: screen readers can read it. */
export const legendOf = (names: readonly string[]): readonly { name: string; colour: string }[] =>
  names.map((name, index) => ({ name, colour: colourOf(name, index) }))
