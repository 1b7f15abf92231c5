/** Inputs as numbers: one row a forecast, one column a feature, in the order of the feature version. */
import { dayNumber, weekdayOf } from '../counts/history.js'
import type { FeatureName } from './definitions.js'
import type { SeenDemand } from './demand-input.js'
import { FLOOR, type Lags, lagsOf, meanOf } from './lags.js'

/** Row-major, rows × names.length; NaN where unknown. */
export interface Matrix {
  readonly names: readonly FeatureName[]
  readonly rows: number
  readonly values: Float64Array
  /** The usual level of each row, in order lines. */
  readonly usual: Float64Array
}

/** The value of the shop's nightly feed in the evening of a day (number since 1970); NaN where it has none. */
export type Momentum = (knownDay: number) => number

export function featuresOf(
  inputs: Iterable<SeenDemand>,
  size: number,
  names: readonly FeatureName[],
  momentum: Momentum,
  storeTypes: readonly string[] = [],
): Matrix {
  const values = new Float64Array(size * names.length)
  const usual = new Float64Array(size)
  let row = 0
  for (const input of inputs) {
    const lags = lagsOf(input)
    usual[row] = lags.usual
    const day = dayNumber(input.day)
    names.forEach((name, column) => {
      values[row * names.length + column] = featureOf(name, input, lags, { day, momentum, storeTypes })
    })
    row += 1
  }
  return { names, rows: row, values, usual }
}

interface Context {
  readonly day: number
  readonly momentum: Momentum
  /** Those that the model knows, in its order. */
  readonly storeTypes: readonly string[]
}

function featureOf(name: FeatureName, input: SeenDemand, lags: Lags, { day, momentum, storeTypes }: Context): number {
  const relative = (mean: number) => Math.log((mean + FLOOR) / lags.scale)
  switch (name) {
    case 'level_7':
    case 'level_14':
    case 'level_28':
    case 'level_112':
      return relative(lags.level(Number(name.slice('level_'.length))))
    case 'weekday_1':
    case 'weekday_2':
    case 'weekday_4':
    case 'weekday_8':
      return relative(meanOf(lags.sameWeekday.slice(0, Number(name.slice('weekday_'.length)))))
    case 'weekday_median':
      return relative(medianOf(lags.sameWeekday))
    case 'year_level':
      return relative(lags.yearLevel)
    case 'year_season':
      return Math.log((lags.yearSeason + FLOOR) / (lags.yearLevel + FLOOR))
    case 'usual_level':
      return Math.log(lags.scale)
    case 'zero_share':
      return lags.zeroShare
    case 'variation':
      return lags.deviation / lags.scale
    case 'days_since_sale':
      return Math.log1p(lags.daysSinceSale)
    case 'promotion_lift':
      return relative(lags.promotedMean)
    case 'promoted':
      return input.promoted ? 1 : 0
    case 'days_ahead':
      return input.ahead
    case 'school_holiday':
      return input.schoolHoliday === undefined ? Number.NaN : input.schoolHoliday ? 1 : 0
    case 'school_holiday_share_7':
    case 'school_holiday_share_28':
      return lags.holidayShare(Number(name.slice('school_holiday_share_'.length)))
    case 'same_holiday_level':
      return relative(lags.sameHoliday)
    case 'store_type_1':
    case 'store_type_2':
    case 'store_type_3':
    case 'store_type_4':
      return input.storeType !== undefined && storeTypes[Number(name.at(-1)) - 1] === input.storeType ? 1 : 0
    case 'shop_momentum':
      return momentum(day - input.ahead)
    case 'lag_1':
      return input.dayBefore === undefined || input.dayBefore === null ? Number.NaN : relative(input.dayBefore)
    default:
      return WEEKDAYS[weekdayOf(day)] === name ? 1 : 0
  }
}

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return meanOf(sorted.slice((sorted.length - 1) >> 1, (sorted.length >> 1) + 1))
}

/** Standardised values are clipped at this many deviations. */
export const FARTHEST = 6
