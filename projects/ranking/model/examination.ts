/**
 * How far down people look. On pages in random order position says nothing of a listing, so views by position show it: they fall
 * as position^−exponent (Joachims, Swaminathan and Schnabel 2017). A gain seen far down counts for more by as much.
 */
import type { Page, PageItem } from '../data/page.js'

const FEWEST_VIEWS = 200

/** Least squares on logarithms, each position weighted by its views; 0 where too few pages were in random order to tell. */
export function fitExamination(pages: readonly Page[]): number {
  const shown = new Map<number, { times: number; views: number }>()
  for (const { order, items } of pages) {
    if (order !== 'shuffled') continue
    for (const { position, viewed } of items) {
      if (position === null) continue
      const tally = shown.get(position) ?? { times: 0, views: 0 }
      tally.times += 1
      tally.views += viewed ? 1 : 0
      shown.set(position, tally)
    }
  }
  const points = [...shown].filter(([, { views }]) => views > 0)
  const total = points.reduce((sum, [, { views }]) => sum + views, 0)
  if (total < FEWEST_VIEWS || points.length < 2) return 0
  const mean = (of: (point: (typeof points)[number]) => number) =>
    points.reduce((sum, point) => sum + point[1].views * of(point), 0) / total
  const x = ([position]: (typeof points)[number]) => Math.log(position)
  const y = ([, { times, views }]: (typeof points)[number]) => Math.log(views / times)
  const [meanX, meanY] = [mean(x), mean(y)]
  const slope = mean((p) => (x(p) - meanX) * (y(p) - meanY)) / mean((p) => (x(p) - meanX) ** 2)
  return Number(Math.max(0, -slope).toFixed(4))
}

/** Beyond it a single purchase far down would drown the rest. */
const HEAVIEST = 10

/** A gain as it would be had everybody looked; 0 where none is known. */
export const debiased = ({ gain, position }: PageItem, exponent: number): number =>
  Math.max(0, gain ?? 0) * Math.min(HEAVIEST, (position ?? 1) ** exponent)
