/** Figures of an evaluation for models that give the probability of a yes. They hold numbers; the report draws them. */
import type { Figure } from '../../contracts/types.js'
import { wilson } from './wilson.js'

/** One release's answers on the held-out rows; all arrays have the same length. */
export interface BinaryAnswers {
  readonly probabilities: ArrayLike<number>
  /** 1 if the action was taken, else 0. */
  readonly acted: ArrayLike<number>
}

export interface BinaryHeldOut {
  readonly candidate: BinaryAnswers
  readonly production: BinaryAnswers
  /** 1 for yes, 0 for no. */
  readonly labels: ArrayLike<number>
}

const BINS = 10
const THRESHOLDS = 60

const both = ({ candidate, production }: BinaryHeldOut) =>
  [
    ['candidate', candidate],
    ['production', production],
  ] as const

const rounded = (value: number): number => Number(value.toPrecision(6))

/** For each tenth of the rows by probability: the predicted and the actual share of yes, with 95 % intervals. */
export function calibrationFigure(heldOut: BinaryHeldOut): Figure {
  const series = both(heldOut).map(([name, { probabilities }]) => ({
    name,
    points: bins(probabilities, heldOut.labels),
  }))
  const most = Math.max(0.1, ...series.flatMap(({ points }) => points.flatMap(({ x, high }) => [x, high])))
  return {
    title: 'Calibration',
    note: 'Each point is about a tenth of the rows. On the dashed line, predicted and actual shares are equal.',
    kind: 'line',
    x: 'predicted probability',
    y: 'actual share',
    series: [
      ...series,
      { name: 'ideal', points: [0, Math.min(1, Math.ceil(most * 10) / 10)].map((x) => ({ x, y: x })) },
    ],
  }
}

function bins(probabilities: ArrayLike<number>, labels: ArrayLike<number>) {
  const order = Array.from(probabilities, (probability, row) => ({ probability, row })).sort(
    (a, b) => a.probability - b.probability,
  )
  const points: { x: number; y: number; low: number; high: number }[] = []
  for (let from = 0; from < order.length; ) {
    // Rows of one probability stay together. If all rows have the same, there is one point.
    let to = Math.min(order.length, from + Math.max(1, Math.round(order.length / BINS)))
    while (to < order.length && order[to]?.probability === order[to - 1]?.probability) to += 1
    const rows = order.slice(from, to)
    const said = rows.reduce((sum, { probability }) => sum + probability, 0) / rows.length
    const hits = rows.filter(({ row }) => labels[row] === 1).length
    const { low, high } = wilson(hits, rows.length)
    points.push({ x: rounded(said), y: rounded(hits / rows.length), low: rounded(low), high: rounded(high) })
    from = to
  }
  return points
}

/**
 * Mean cost at each possible threshold, and at each release's own threshold.
 * @param options `cost`: the cost of one row, by whether the action was taken and its label
 */
export function costFigure(
  heldOut: BinaryHeldOut,
  options: { unit: string; thresholds: { candidate: number; production: number }; cost: Cost },
): Figure {
  const { labels } = heldOut
  const meanAt = ({ probabilities }: BinaryAnswers, threshold: number) => {
    let sum = 0
    for (let row = 0; row < labels.length; row += 1) {
      sum += options.cost((probabilities[row] as number) >= threshold, labels[row] as number)
    }
    return rounded(sum / Math.max(1, labels.length))
  }
  const most = Math.max(
    ...both(heldOut).map(([, { probabilities }]) => Array.from(probabilities).reduce((a, b) => Math.max(a, b), 0)),
  )
  return {
    title: 'Cost against threshold',
    note: 'A lower line is a better model. The dots are the thresholds in force; each should be near the lowest point of its line.',
    kind: 'line',
    x: 'threshold',
    y: options.unit,
    series: both(heldOut).flatMap(([name, answers]) => {
      const own = options.thresholds[name]
      const grid = Array.from({ length: THRESHOLDS + 1 }, (_, step) => rounded((step * most) / THRESHOLDS))
      return [
        { name, points: grid.map((x) => ({ x, y: meanAt(answers, x) })) },
        { name: `${name}, in force`, points: [{ x: own, y: meanAt(answers, own) }] },
      ]
    }),
  }
}

type Cost = (acted: boolean, label: number) => number

/** Recall by slice: the share of the yes rows with the action, with 95 % intervals. */
export function recallFigure(
  heldOut: BinaryHeldOut,
  slices: readonly { name: string; rows: readonly number[] }[],
  what = 'share of the yes rows with the action',
): Figure {
  return {
    title: 'Recall by slice',
    note: 'Bars are 95 % intervals; few rows make them wide. Look for slices where the candidate is left of production.',
    kind: 'bar',
    x: 'slice',
    y: what,
    series: both(heldOut).map(([name, { acted }]) => ({
      name,
      points: slices.map((slice) => {
        const yes = slice.rows.filter((row) => heldOut.labels[row] === 1)
        const hits = yes.filter((row) => acted[row] === 1).length
        const { low, high } = wilson(hits, yes.length)
        const y = rounded(hits / Math.max(1, yes.length))
        return { x: slice.name, y, low: rounded(low), high: rounded(high) }
      }),
    })),
  }
}
