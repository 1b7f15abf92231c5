/**
 * Position bias: how views fall with position. On pages in random order, a listing's position does not depend on the
 * listing, so views by position show the bias: position^−exponent (Joachims, Swaminathan and Schnabel 2017). Gains are
 * weighted by its inverse.
 */
import type { Page, PageItem } from '../data/page.js'

const FEWEST_VIEWS = 200

/**
 * The exponent, by least squares on logarithms, each position weighted by its views; 0 if too few pages were in random
 * order.
 */
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

/** The greatest weight. A greater one would let a single purchase far down outweigh all others. */
const HEAVIEST = 10

/** The gain corrected for position bias; 0 if it is unknown. */
export const debiased = ({ gain, position }: PageItem, exponent: number): number =>
  Math.max(0, gain ?? 0) * Math.min(HEAVIEST, (position ?? 1) ** exponent)
