import { describe, expect, it } from 'vitest'
import { drawFigure } from '../../../console/report/draw-figure.js'
import type { Figure } from '../../../contracts/types.js'

const countOf = (text: string, part: string) => text.split(part).length - 1

const figure = (
  kind: Figure['kind'],
  points: Figure['series'][number]['points'][],
  more: Partial<Figure> = {},
): Figure => ({
  title: 'a figure',
  kind,
  x: 'x',
  y: 'y',
  series: points.map((own, index) => ({
    name: ['candidate', 'production', 'reference'][index] ?? `s${index}`,
    points: own,
  })),
  ...more,
})

const days = [1, 2, 3].map((day) => ({ x: `2001-03-0${day}`, y: day }))
const ranged = ['north', 'south'].map((x, index) => ({ x, y: 0.5 + index / 10, low: 0.4, high: 0.9 }))

describe('a figure of kind', () => {
  it.each<[string, Figure, Record<string, number>]>([
    [
      'line, over numbers',
      figure('line', [
        [
          { x: 1, y: 2 },
          { x: 2, y: 1 },
        ],
        [
          { x: 1, y: 3 },
          { x: 2, y: 2 },
        ],
      ]),
      { '#1664c0': 1, '#c2570c': 1 },
    ],
    [
      'line, over days, with intervals',
      figure('line', [days.map((point) => ({ ...point, low: 0, high: 5 }))]),
      { '<circle': 3, Mar: 1 },
    ],
    ['line of one point, drawn as a dot', figure('line', [[{ x: 1, y: 2 }]]), { '<circle': 1 }],
    [
      'dot, over numbers, with a reference line',
      figure('dot', [
        [{ x: 0.2, y: 0.3, low: 0.1, high: 0.5 }],
        [],
        [
          { x: 0, y: 0 },
          { x: 1, y: 1 },
        ],
      ]),
      { '<circle': 1, 'stroke-dasharray': 1 },
    ],
    ['dot, over categories', figure('dot', [ranged, ranged]), { '<circle': 4, '>north<': 1, '>south<': 1 }],
    [
      'bar, over categories',
      figure('bar', [
        [
          { x: 'km', y: 3 },
          { x: 'hour', y: 1 },
        ],
      ]),
      { '<rect': 2, '>km<': 1 },
    ],
    [
      'bar, over numbers',
      figure('bar', [
        [
          { x: 8, y: 0.1 },
          { x: 9, y: 0.4 },
        ],
      ]),
      { '<rect': 2, '>8<': 1, '>9<': 1 },
    ],
    ['bar of two series side by side', figure('bar', [[{ x: 'a', y: 3 }], [{ x: 'a', y: 1 }]]), { '<rect': 2 }],
    ['bar without points', figure('bar', [[]]), { '<svg': 1 }],
    ['line without points', figure('line', [[], []]), { '<svg': 1 }],
  ])('%s', (_what, drawn, counts) => {
    const { text } = drawFigure(drawn)
    expect(text).not.toMatch(/NaN|undefined/)
    for (const [part, count] of Object.entries(counts)) {
      expect([part, countOf(text, part) >= count]).toEqual([part, true])
      if (part.startsWith('<')) expect([part, countOf(text, part)]).toEqual([part, count])
    }
  })

  it('each mark gives its numbers, at most the newest 60 take the focus, and a plot is one stop of the keyboard', () => {
    const points = Array.from({ length: 70 }, (_, x) => ({ x, y: x / 4, low: 0, high: x }))
    const { text } = drawFigure(figure('dot', [points], { title: 'many' }))
    expect(text).toContain('<title>candidate: 69, 17.25 [0, 69]</title>')
    expect([countOf(text, '<title>'), countOf(text, 'class="point"')]).toEqual([70, 60])
    expect([countOf(text, 'tabindex="0"'), countOf(text, 'tabindex="-1"')]).toEqual([1, 59])
    // An image may hold nothing that takes the focus; its axes are not read aloud.
    expect(text).toMatch(/^<svg [^>]*role="group"/)
    expect(text.match(/<g(?![^>]*aria-hidden="true")[^>]*>/g)?.every((part) => /fill="#1664c0"/.test(part))).toBe(true)
    expect(drawFigure(figure('line', [[]])).text).toMatch(/^<svg [^>]*role="img"/)
  })

  it('control characters and markup in the title of a mark are shown as text', () => {
    const { text } = drawFigure(figure('bar', [[{ x: '<b>\u202e\u001b[31m', y: 1 }]]))
    expect(text).toContain('<title>candidate: &lt;b&gt;[U+202E]\u241b[31m, 1</title>')
  })

  it('any kind escapes text that a browser would interpret', () => {
    const { text } = drawFigure(figure('bar', [[{ x: '<img src=x onerror=alert(1)>', y: 1 }]], { y: '<b>y</b>' }))
    expect(text).not.toMatch(/<img|<b>/)
    expect(text).toContain('&lt;img src=x onerror=alert(1)&gt;')
  })
})
