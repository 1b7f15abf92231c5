/** Training targets: which listings of a page should be above which. */
import type { Page } from '../data/page.js'
import { debiased } from './examination.js'

/** The page with only those items whose gain is known; undefined if all gains are equal, as no order is then better. */
export function teaching(page: Page): Page | undefined {
  const items = page.items.filter(({ gain }) => gain !== null)
  const gains = items.map(({ gain }) => gain)
  return gains.some((gain) => gain !== gains[0]) ? { ...page, items } : undefined
}

/**
 * One target an item, in the order of the pages. A page of clicks is weighted by its total gain: equal weights would
 * undo the correction for position. A judged query has weight one. The mean weight of a page is 1.
 */
export function targetsOf(pages: readonly Page[], examination: number): Float32Array {
  const gains = pages.map(({ items }) => items.map((item) => debiased(item, examination)))
  const weights = gains.map((own) => own.reduce((sum, gain) => sum + gain, 0))
  const scales = pages.map(({ order }, index) => (order === 'judged' ? (weights[index] as number) : 1))
  const total = weights.reduce((sum, weight, index) => sum + weight / (scales[index] as number), 0)
  return Float32Array.from(
    gains.flatMap((own, index) => own.map((gain) => (gain * pages.length) / ((scales[index] as number) * total))),
  )
}
