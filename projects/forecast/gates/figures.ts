/** Plots of the report: forecast and actual of a few series, cost at each quantile ordered, and WAPE by slice. */
import type { Figure } from '../../../contracts/types.js'
import type { EvaluateRequest } from '../../project.js'
import { dayText } from '../counts/history.js'
import { boundedLoss, decide } from '../model/decide.js'
import { type ForecastThresholds, LOSS_UNIT } from '../policy.js'
import { type Answers, allRows, type Both, meanOver, wapeOf } from './answers.js'
import { rowsBySlice } from './slices.js'

const SERIES_SHOWN = 3
const LEVELS = [0.1, 0.25, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.9]

export function figuresOf(both: Both, request: EvaluateRequest, thresholds: ForecastThresholds): Figure[] {
  return [
    ...busiest(both).map((code) => forecastFigure(both, code)),
    costFigure(both, request),
    sliceFigure(both, thresholds),
  ]
}

function busiest({ heldOut, labels }: Both): string[] {
  const lines = new Map<string, number>()
  heldOut.forEach(({ series }, row) => {
    lines.set(series.code, (lines.get(series.code) ?? 0) + (labels[row] as number))
  })
  const sorted = [...lines].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
  // Not only the busiest: a series in the middle looks different.
  const places = [0, Math.floor(sorted.length / 10), Math.floor(sorted.length / 2)]
  return [...new Set(places.slice(0, SERIES_SHOWN).flatMap((place) => sorted[place]?.[0] ?? []))]
}

function forecastFigure({ heldOut, history, labels, candidate, production }: Both, code: string): Figure {
  const rows = [...heldOut.keys()].filter((row) => heldOut[row]?.series.code === code)
  const day = (row: number) => dayText(history.first + (heldOut[row]?.target ?? 0))
  const medians = ({ outputs }: Answers) => rows.map((row) => ({ x: day(row), y: outputs[row]?.q50 ?? 0 }))
  return {
    title: `${code}: forecast against actual`,
    note: 'The band is the candidate’s q10 to q90. About four of five days should be inside.',
    kind: 'line',
    x: 'day',
    y: 'order lines',
    series: [
      { name: 'actual', points: rows.map((row) => ({ x: day(row), y: labels[row] as number })) },
      {
        name: 'candidate',
        points: medians(candidate).map((point, index) => {
          const { q10 = 0, q90 = 0 } = candidate.outputs[rows[index] as number] ?? {}
          return { ...point, low: q10, high: q90 }
        }),
      },
      { name: 'production', points: medians(production) },
    ],
  }
}

function costFigure(both: Both, request: EvaluateRequest): Figure {
  const curve = ({ outputs }: Answers, { actionPolicy }: EvaluateRequest['candidate']) =>
    LEVELS.map((level) => {
      const policy = { ...actionPolicy, parameters: { ...actionPolicy.parameters, orderQuantile: level } }
      const losses = outputs.map((output, row) =>
        boundedLoss({ action: decide(output, policy), output, label: both.labels[row] as number }, policy),
      )
      return { x: level, y: meanOver(losses, allRows(both)) }
    })
  return {
    title: 'Cost against the quantile ordered',
    note: 'If the quantiles are right, the lowest point is at the quantile that the costs imply.',
    kind: 'line',
    x: 'quantile',
    y: LOSS_UNIT,
    series: [
      { name: 'candidate', points: curve(both.candidate, request.candidate) },
      { name: 'production', points: curve(both.production, request.production) },
    ],
  }
}

function sliceFigure(both: Both, thresholds: ForecastThresholds): Figure {
  const slices = rowsBySlice(both, thresholds)
  const bars = (answers: Answers) =>
    slices.flatMap(([name, rows]) => {
      const wape = wapeOf(answers, both.labels, rows)
      return Number.isFinite(wape) ? [{ x: name, y: wape }] : []
    })
  return {
    title: 'WAPE by slice',
    kind: 'bar',
    x: 'slice',
    y: 'missed lines over all lines',
    series: [
      { name: 'candidate', points: bars(both.candidate) },
      { name: 'production', points: bars(both.production) },
    ],
  }
}
