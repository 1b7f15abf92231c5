/** Which series can be forecast on a day: known long enough, and still selling. The others are listed by reason. */
import type { History, Series } from './history.js'

/** Days on sale: eight weeks for the usual level, and four more to train on. */
export const FEWEST_DAYS = 84
const FEWEST_SELLING_DAYS = 12
const SELLING_WITHIN = 365
const STILL_SELLING_WITHIN = 56
/** By days with sales. The remaining series of a long catalogue sell less than a line a week. */
export const MOST_SERIES = 800

/** Why a series is left out as of the end of day `origin` (index); undefined when it is eligible. */
function exclusionOf(series: Series, origin: number, selling: number): string | undefined {
  const days = origin + 1 - series.onSale
  if (days <= 1 || (selling <= 1 && sellingDays(series, origin, days) === 1)) return 'series with one day only'
  if (days < FEWEST_DAYS) return `series with fewer than ${FEWEST_DAYS} days`
  if (sellingDays(series, origin, STILL_SELLING_WITHIN) === 0)
    return `series not sold in the last ${STILL_SELLING_WITHIN} days`
  return selling < FEWEST_SELLING_DAYS ? `series sold on fewer than ${FEWEST_SELLING_DAYS} days of a year` : undefined
}

function sellingDays({ counts, onSale }: Series, origin: number, within: number): number {
  let days = 0
  for (let index = Math.max(onSale, origin + 1 - within); index <= origin; index += 1)
    if ((counts[index] as number) > 0) days += 1
  return days
}

export interface Eligible {
  readonly series: readonly Series[]
  readonly excluded: readonly { readonly reason: string; readonly series: readonly Series[] }[]
}

/** @param origin index of the last day looked at */
export function eligibleAt({ series: all }: Pick<History, 'series'>, origin: number): Eligible {
  const excluded = new Map<string, Series[]>()
  const exclude = (reason: string, series: Series) => {
    const list = excluded.get(reason)
    if (list) list.push(series)
    else excluded.set(reason, [series])
  }
  const fine: { series: Series; selling: number }[] = []
  for (const series of all) {
    if (series.onSale > origin) continue
    const selling = sellingDays(series, origin, SELLING_WITHIN)
    const reason = exclusionOf(series, origin, selling)
    if (reason) exclude(reason, series)
    else fine.push({ series, selling })
  }
  fine.sort((a, b) => b.selling - a.selling || (a.series.code < b.series.code ? -1 : 1))
  for (const { series } of fine.slice(MOST_SERIES)) exclude(`series beyond the ${MOST_SERIES} busiest`, series)
  const series = fine.slice(0, MOST_SERIES).map((item) => item.series)
  series.sort((a, b) => (a.code < b.code ? -1 : 1))
  return { series, excluded: [...excluded].map(([reason, list]) => ({ reason, series: list })) }
}
