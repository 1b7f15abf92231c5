/**
 * The known truth behind the default data: the mean sales of each series on each day. It is the product of level,
 * weekday, season, trend and promotion, of the variation of the whole shop, and of the variation of the series.
 */
import { dayNumber, dayText, weekdayOf } from '../counts/history.js'
import { normal, uniform, wander } from './hashed-random.js'
import type { World } from './world-file.js'

/** A Monday. The last day leaves room for the whole window of the last demonstration. */
export const FIRST_DAY = dayNumber('2022-01-03')
const LAST_DAY = dayNumber('2025-03-31')
export const DAYS = LAST_DAY - FIRST_DAY + 1
const YEAR = 365.25
const YEAR_START = dayNumber('2022-01-01')

export type Kind = 'steady' | 'seasonal' | 'intermittent' | 'rising' | 'falling' | 'new'
const KINDS: readonly Kind[] = ['steady', 'seasonal', 'steady', 'rising', 'intermittent', 'seasonal', 'falling', 'new']

/** Sunday first; the shop is closed on Sundays. One pattern sells on weekdays, the other before the weekend. */
const WEEKDAYS = [
  [0, 1.15, 1.1, 1.05, 1.05, 0.95, 0.7],
  [0, 0.75, 0.75, 0.85, 1.05, 1.35, 1.6],
] as const

/** Days closed besides Sundays, as month-day. */
const HOLIDAYS = new Set(['01-01', '05-01', '12-25', '12-26'])

export interface SeriesTruth {
  readonly code: string
  readonly kind: Kind
  readonly onSale: number
  /** Order lines on an average open day. */
  readonly level: number
  /** How many times as much is sold in a promotion. */
  readonly uplift: number
  readonly promotedShare: number
  readonly weekdays: readonly number[]
  /** By what share the season changes the level, and the day of the year with the highest level. */
  readonly season: { readonly share: number; readonly peak: number }
  /** Share of days on which an intermittent series has any demand; 1 for the others. */
  readonly active: number
  readonly index: number
}

export function truthOf({ seed }: Pick<World, 'seed'>, index: number): SeriesTruth {
  const draw = (what: number) => uniform(seed, index, what)
  const kind = KINDS[index % KINDS.length] as Kind
  const level = Math.exp(1.35 + 0.8 * normal(seed, index, 20))
  return {
    index,
    kind,
    code: `SKU-${String(index + 1).padStart(4, '0')}`,
    onSale: kind === 'new' ? FIRST_DAY + Math.floor(draw(1) * 900) : FIRST_DAY,
    level: kind === 'intermittent' ? Math.min(2, level / 4) : level,
    uplift: 1.8 + 1.6 * draw(2),
    promotedShare: 0.03 + 0.08 * draw(3),
    weekdays: WEEKDAYS[draw(4) < 0.5 ? 0 : 1] as readonly number[],
    season: { share: kind === 'seasonal' ? 0.35 + 0.3 * draw(5) : 0.08, peak: draw(6) < 0.5 ? 190 : 345 },
    active: kind === 'intermittent' ? 0.15 + 0.25 * draw(7) : 1,
  }
}

/** Whether the shop is open on each day of the world, and the factor on all of its sales. */
export interface Calendar {
  readonly open: Uint8Array
  /** Weather, mood, a competitor. It changes over weeks, so that the last week predicts the next. */
  readonly shop: Float64Array
}

export function calendarOf(world: World): Calendar {
  const mood = wander(DAYS, 21, 0.2, world.seed, 41)
  return {
    open: Uint8Array.from({ length: DAYS }, (_, index) => (isOpen(FIRST_DAY + index) ? 1 : 0)),
    shop: mood.map((value, index) => {
      const calm = Math.exp(value + 0.03 * normal(world.seed, index, 42))
      return world.situation === 'drift' && FIRST_DAY + index >= world.from ? calm * 0.55 : calm
    }),
  }
}

const isOpen = (day: number): boolean => weekdayOf(day) !== 0 && !HOLIDAYS.has(dayText(day).slice(5))

/** Mean lines of a series on each day with demand; zero when the shop is closed or the series is not yet on sale. */
export function expectedLines(world: World, truth: SeriesTruth, { open, shop }: Calendar): Float64Array {
  const { season, kind, level, weekdays, index } = truth
  const own = wander(DAYS, 35, 0.12, world.seed, index, 31)
  const yearly = kind === 'rising' ? 1.25 : kind === 'falling' ? 0.8 : 1
  return own.map((value, at) => {
    const day = FIRST_DAY + at
    if (open[at] === 0 || day < truth.onSale) return 0
    const wave = 1 + season.share * Math.cos((2 * Math.PI * (day - YEAR_START - season.peak)) / YEAR)
    const stronger = world.situation === 'strong_promotions' && day >= world.from ? 1.8 : 1
    const promotion = isPromoted(world, truth, day) ? truth.uplift * stronger : 1
    const trend = yearly ** ((day - FIRST_DAY) / YEAR)
    return (
      level * (weekdays[weekdayOf(day)] as number) * wave * trend * Math.exp(value) * promotion * (shop[at] as number)
    )
  })
}

/** Promotions are planned in slots of two weeks: four days from Thursday on, half of the series in the other week. */
export function isPromoted({ seed }: Pick<World, 'seed'>, { index, promotedShare }: SeriesTruth, day: number): boolean {
  const shifted = day - FIRST_DAY + 7 * (index % 2)
  const slot = Math.floor(shifted / 14)
  const place = shifted % 14
  // Four days of fourteen: the share of days is 4/14 of the share of slots.
  return place >= 3 && place < 7 && uniform(seed, index, slot, 8) < promotedShare * 3.5
}
