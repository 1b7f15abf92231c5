/** Every feature of this project, and when its value becomes known. The leakage gate reads this table. */
import type { FeatureDefinition } from '../../kit/feature-table.js'

/** A forecast is made in the evening of the last known day, so only the first two may be used. */
export type KnownAt = 'calendar' | 'last_known_day' | 'after'
export const MAY_BE_USED: readonly KnownAt[] = ['calendar', 'last_known_day']

interface DemandFeature extends FeatureDefinition<KnownAt> {
  readonly what: string
}

/** Logarithms of means over open days without promotion, relative to the usual level, the mean of 56 days. */
const recent = (what: string): DemandFeature => ({
  known: 'last_known_day',
  what: `${what}, relative to the usual level`,
})
const calendar = (what: string): DemandFeature => ({ known: 'calendar', what })

/** A model knows so many types of stores. Each is 1 where the series' store is of that type. */
export const MOST_STORE_TYPES = 4
const storeTypes = {
  store_type_1: calendar('1 for a store of the type that most stores are of'),
  store_type_2: calendar('1 for a store of the second type'),
  store_type_3: calendar('1 for a store of the third type'),
  store_type_4: calendar('1 for a store of the fourth type'),
}

export const FEATURES = {
  level_7: recent('mean of the last 7 days'),
  level_14: recent('mean of the last 14 days'),
  level_28: recent('mean of the last 28 days'),
  level_112: recent('mean of the last 112 days'),
  weekday_1: recent('newest known day of the same weekday'),
  weekday_2: recent('mean of the 2 newest of the same weekday'),
  weekday_4: recent('mean of the 4 newest of the same weekday'),
  weekday_8: recent('mean of the 8 newest of the same weekday'),
  weekday_median: recent('median of the 8 newest of the same weekday'),
  year_level: recent('mean of the same 56 days a year ago'),
  year_season: { known: 'last_known_day', what: 'the target fortnight a year ago, relative to the 56 days before it' },
  usual_level: { known: 'last_known_day', what: 'logarithm of the mean of 56 days' },
  zero_share: { known: 'last_known_day', what: 'share of days without a sale' },
  variation: { known: 'last_known_day', what: 'deviation of 56 days over their mean' },
  days_since_sale: { known: 'last_known_day', what: 'logarithm of days since the last sale' },
  promotion_lift: recent('mean of promoted days'),
  promoted: calendar('1 when the target day has a promotion'),
  days_ahead: calendar('days from the last known one to the target'),
  sunday: calendar('1 on a Sunday'),
  monday: calendar('1 on a Monday'),
  tuesday: calendar('1 on a Tuesday'),
  wednesday: calendar('1 on a Wednesday'),
  thursday: calendar('1 on a Thursday'),
  friday: calendar('1 on a Friday'),
  saturday: calendar('1 on a Saturday'),
  school_holiday: calendar('1 when the target day is in school holidays'),
  school_holiday_share_7: calendar('share of school holidays in the last 7 days'),
  school_holiday_share_28: calendar('share of school holidays in the last 28 days'),
  same_holiday_level: recent('mean of the days that are in school holidays as the target day is, or are not'),
  ...storeTypes,
  shop_momentum: {
    known: 'last_known_day',
    what: 'sales of the whole shop in the last 7 days over those of 56, from a nightly feed',
  },
  lag_1: { known: 'after', what: 'count of the day before the target, which lies within the horizon' },
} as const satisfies Record<string, DemandFeature>

export type FeatureName = keyof typeof FEATURES

const V1: FeatureName[] = [
  ...(['level_7', 'level_14', 'level_28', 'level_112'] as const),
  ...(['weekday_1', 'weekday_2', 'weekday_4', 'weekday_8', 'weekday_median'] as const),
  ...(['year_level', 'year_season', 'usual_level', 'zero_share', 'variation', 'days_since_sale'] as const),
  ...(['promotion_lift', 'promoted', 'days_ahead'] as const),
  ...(['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const),
]

/** Feature versions. Each release names one, so old versions must stay computable. */
export const FEATURE_VERSIONS = {
  /** The baseline: the count of the newest known day of the same weekday. */
  demand_naive_v1: ['weekday_1'],
  demand_lags_v1: V1,
  demand_lags_v2: [...V1, 'shop_momentum'],
  /** Of data that have school holidays or types of stores. */
  demand_lags_v3: [
    ...V1,
    ...(['school_holiday', 'school_holiday_share_7', 'school_holiday_share_28', 'same_holiday_level'] as const),
    ...(['store_type_1', 'store_type_2', 'store_type_3', 'store_type_4'] as const),
  ],
  /** A mistake on purpose: a lag shorter than the horizon. The leakage gate must find it. */
  demand_lags_leak: [...V1, 'lag_1'],
} as const satisfies Record<string, readonly FeatureName[]>

export type FeatureVersion = keyof typeof FEATURE_VERSIONS
