import * as Plot from '@observablehq/plot'
import type { AliasMoveRecord, EvaluationSummary } from '../../registry/index.js'
import { type Markup, number } from '../html.js'
import { colourOf, draw } from '../report/draw-figure.js'

/**
 * A bar a span in which an alias pointed at one release.
 * @param end wall time in epoch ms, the end of the last spans
 */
export function drawTimeline(moves: readonly AliasMoveRecord[], end: number): Markup {
  const spans = moves.flatMap(({ alias, to, at }, index) => {
    if (to === null) return []
    const next = moves.slice(index + 1).find((move) => move.alias === alias)
    const text = `${alias}: ${to}, ${minute(at)} to ${next ? minute(next.at) : minute(new Date(end).toISOString())}`
    return [{ alias, release: to, from: new Date(at), until: next ? new Date(next.at) : new Date(end), text }]
  })
  const width = Math.max(1, Number(spans.at(-1)?.until ?? end) - Number(spans[0]?.from ?? end))
  const isWide = ({ from, until }: (typeof spans)[number]) => Number(until) - Number(from) > width / 10
  return draw({
    ariaLabel: 'Which release each alias pointed at; the table below has every move',
    height: 120,
    marginLeft: 80,
    x: { label: null, type: 'utc' },
    y: { label: null, domain: ['production', 'canary'], padding: 0.25 },
    marks: [
      Plot.barX(spans, {
        x1: 'from',
        x2: 'until',
        y: 'alias',
        fill: (span: (typeof spans)[number]) => colourOf(span.alias === 'canary' ? 'candidate' : 'production', 0),
        fillOpacity: 0.3,
        stroke: '#1b2330',
        strokeWidth: 0.7,
        title: 'text',
      }),
      Plot.text(spans.filter(isWide), {
        x: (span: (typeof spans)[number]) => new Date((Number(span.from) + Number(span.until)) / 2),
        y: 'alias',
        text: (span: (typeof spans)[number]) => span.release.slice(0, 24),
      }),
    ],
  })
}

const minute = (iso: string): string => iso.slice(0, 16).replace('T', ' ')

export function drawMetric(evaluations: readonly EvaluationSummary[], metric: string): Markup {
  const rows = evaluations.flatMap(({ at, releaseId, decision, metrics }) => {
    const [candidate, production] = [metrics.candidate[metric], metrics.production[metric]]
    if (candidate === undefined) return []
    const text = `${releaseId}, ${minute(at)}: ${metric} ${number(candidate)}, production ${number(production)}, ${decision}`
    return [{ at: new Date(at), candidate, production, passed: decision === 'canary_open', text }]
  })
  const compared = rows.filter(({ production }) => production !== undefined)
  return draw({
    ariaLabel: `${metric} of candidates and of production; the table below has the numbers`,
    height: 260,
    x: { label: null, type: 'utc' },
    y: { label: metric, nice: true },
    marks: [
      Plot.lineY(compared, { x: 'at', y: 'production', stroke: colourOf('production', 0), strokeDasharray: '4 4' }),
      Plot.dot(rows, {
        x: 'at',
        y: 'candidate',
        r: 4,
        stroke: colourOf('candidate', 0),
        fill: (row: (typeof rows)[number]) => (row.passed ? colourOf('candidate', 0) : '#fff'),
        title: 'text',
      }),
    ],
  })
}
