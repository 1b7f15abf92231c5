/** Every feature of this project, and when its value becomes known. The leakage gate reads this table. */
import type { FeatureDefinition } from '../../kit/feature-table.js'

/** A warning is sent in the morning of the day of departure, so only the first two may be used. */
export type KnownAt = 'booking' | 'day_start' | 'departure' | 'arrival'
export const MAY_BE_USED: readonly KnownAt[] = ['booking', 'day_start']

interface EtaFeature extends FeatureDefinition<KnownAt> {
  readonly what: string
}

export const FEATURES = {
  hour_sin: { known: 'booking', what: 'scheduled hour on the circle of a day' },
  hour_cos: { known: 'booking', what: 'scheduled hour on the circle of a day' },
  hour: { known: 'booking', what: 'scheduled hour, 0 to 24' },
  hour_rate: { known: 'booking', what: 'late share at this hour of the origin, in log-odds above the overall share' },
  sunday: { known: 'booking', what: '1 on a Sunday' },
  monday: { known: 'booking', what: '1 on a Monday' },
  tuesday: { known: 'booking', what: '1 on a Tuesday' },
  wednesday: { known: 'booking', what: '1 on a Wednesday' },
  thursday: { known: 'booking', what: '1 on a Thursday' },
  friday: { known: 'booking', what: '1 on a Friday' },
  saturday: { known: 'booking', what: '1 on a Saturday' },
  distance: { known: 'booking', what: 'logarithm of miles' },
  carrier_rate: { known: 'booking', what: 'late share of the carrier, in log-odds above the overall share' },
  origin_rate: { known: 'booking', what: 'late share out of the origin, in log-odds above the overall share' },
  destination_rate: { known: 'booking', what: 'late share into the destination, in log-odds above the overall share' },
  lane_rate: { known: 'booking', what: 'late share of the lane, in log-odds above the overall share' },
  carrier_lane_rate: {
    known: 'booking',
    what: 'late share of the carrier on the lane, in log-odds above the overall share',
  },
  origin_yesterday: { known: 'day_start', what: 'late share out of the origin on the day before, by midnight' },
  departure_delay: { known: 'departure', what: 'minutes after schedule at departure' },
  elapsed_ratio: { known: 'arrival', what: 'time from schedule to arrival over the planned time' },
} as const satisfies Record<string, EtaFeature>

export type FeatureName = keyof typeof FEATURES

const V1: FeatureName[] = [
  ...(['hour_sin', 'hour_cos', 'hour', 'hour_rate', 'distance'] as const),
  ...(['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const),
  ...(['carrier_rate', 'origin_rate', 'destination_rate', 'lane_rate', 'carrier_lane_rate'] as const),
]

/** Feature versions. Each release names one, so old versions must stay computable. */
export const FEATURE_VERSIONS = {
  /** The baseline: the lane's late share and nothing else. */
  eta_lane_rate_v1: ['lane_rate'],
  eta_features_v1: V1,
  eta_features_v2: [...V1, 'origin_yesterday'],
  /** A mistake on purpose: it reads the outcome. The demo uses it to show that the gate finds it. */
  eta_features_leak: [...V1, 'elapsed_ratio'],
  eta_features_leak_departure: [...V1, 'departure_delay'],
} as const satisfies Record<string, readonly FeatureName[]>

export type FeatureVersion = keyof typeof FEATURE_VERSIONS
