/** Plots of the report: NDCG by slice, how many listings may be shown, and which features matter. */
import type { EvaluationReport } from '../../../contracts/types.js'
import { mean } from '../../kit/mean.js'
import { shuffled } from '../../kit/shuffle.js'
import type { Page } from '../data/page.js'
import { scoresOf } from '../model/ranker.js'
import { ndcg } from '../model/slate.js'
import type { Answers, HeldOut } from './answers.js'
import type { Slice } from './slices.js'

type Figure = NonNullable<EvaluationReport['figures']>[number]

export function figuresOf(
  heldOut: HeldOut,
  slices: readonly Slice[],
  both: { candidate: Answers; production: Answers },
): Figure[] {
  return [sliceFigure(slices, both), supplyFigure(heldOut.pages), importanceFigure(heldOut.scored, both.candidate)]
}

function sliceFigure(slices: readonly Slice[], both: { candidate: Answers; production: Answers }): Figure {
  const series = (name: 'candidate' | 'production') => ({
    name,
    points: slices
      .filter(({ pages }) => pages.length > 1)
      .map((slice) => {
        const values = slice.pages.map((page) => both[name].ndcgs[page] as number)
        const y = mean(values)
        const variance = values.reduce((sum, value) => sum + (value - y) ** 2, 0) / (values.length - 1)
        const half = 1.96 * Math.sqrt(variance / values.length)
        return { x: slice.name, y, low: y - half, high: y + half }
      }),
  })
  return {
    title: 'NDCG@10 by slice of queries',
    note: 'Higher is better. Bars are 95 % intervals of each mean. Both releases rank the same pages.',
    kind: 'dot',
    x: 'slice',
    y: 'NDCG@10',
    series: [series('candidate'), series('production')],
  }
}

function supplyFigure(pages: readonly Page[]): Figure {
  const counts = new Map<number, number>()
  for (const { items } of pages) {
    const eligible = items.filter(({ blocked, inStock }) => !blocked && inStock).length
    counts.set(eligible, (counts.get(eligible) ?? 0) + 1)
  }
  const points = [...counts].sort(([a], [b]) => a - b).map(([x, count]) => ({ x, y: count / pages.length }))
  return {
    title: 'Listings that may be shown, per query',
    note: 'Below ten, a slate is short with any ranker.',
    kind: 'bar',
    x: 'eligible listings',
    y: 'share of held-out pages',
    series: [{ name: 'held-out pages', points }],
  }
}

/** Enough pages to separate important features from unimportant ones. */
const ENOUGH = 200

/** Permutation importance (Breiman 2001): the loss of NDCG@10 when a feature's values are shuffled within each page. */
function importanceFigure(scored: readonly Page[], { matrix, model, ndcgs }: Answers): Figure {
  const { names, offsets, values } = matrix
  const pages = scored.slice(0, ENOUGH)
  const width = names.length
  const whole = mean(ndcgs.slice(0, ENOUGH))
  const rows = offsets[pages.length] as number
  const part = { names, offsets: offsets.slice(0, pages.length + 1), values: values.slice(0, rows * width) }
  const lossWithout = (column: number): number => {
    const dealt = Float32Array.from(part.values)
    pages.forEach((_, list) => {
      const from = offsets[list] as number
      shuffled((offsets[list + 1] as number) - from, column + 1, list).forEach((other, index) => {
        dealt[(from + index) * width + column] = part.values[(from + other) * width + column] as number
      })
    })
    const scores = scoresOf(model.networks, { ...part, values: dealt })
    const found = pages.map(({ items }, list) => {
      const from = offsets[list] as number
      const order = [...items.keys()].sort((a, b) => (scores[from + b] as number) - (scores[from + a] as number))
      return (
        ndcg(
          order.map((index) => items[index]?.gain ?? 0),
          10,
        ) ?? 0
      )
    })
    return whole - mean(found)
  }
  const points = names.map((x, column) => ({ x, y: lossWithout(column) })).sort((a, b) => b.y - a.y)
  return {
    title: 'Importance of features for the candidate',
    note: 'NDCG@10 lost when a feature’s values are shuffled within each page.',
    kind: 'bar',
    x: 'feature',
    y: 'NDCG@10 lost',
    series: [{ name: 'candidate', points }],
  }
}
