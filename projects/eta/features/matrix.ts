/** Flights as numbers: one row a flight, one column a feature, in the order of the feature version. */
import { DAY_MS } from '../../../contracts/duration.js'
import { ownValue } from '../../kit/own-value.js'
import { type Flight, MINUTE_MS, plannedMinutes, type ScheduledFlight } from '../flights/flight.js'
import type { FeatureName } from './definitions.js'
import { type GroupName, type Rates, rateOf } from './rates.js'
import type { Feed } from './yesterday.js'

export interface FeatureContext {
  readonly rates: Rates
  /** Late shares of the day before, as known at the start of a day. */
  feedOn(day: number): Feed
}

/**
 * Row-major, `flights.length` × `names.length`. Unknown values are NaN; standardised they become 0, the training mean.
 */
export interface Matrix {
  readonly names: readonly FeatureName[]
  readonly rows: number
  readonly values: Float64Array
}

export type SeenFlight = ScheduledFlight & Partial<Pick<Flight, 'departureDelay' | 'arrived'>>

export function featuresOf(
  flights: readonly SeenFlight[],
  names: readonly FeatureName[],
  contextOf: (flight: SeenFlight) => FeatureContext,
): Matrix {
  const values = new Float64Array(flights.length * names.length)
  let at = 0
  for (const flight of flights) {
    const context = contextOf(flight)
    for (const name of names) values[at++] = featureOf(name, flight, context)
  }
  return { names, rows: flights.length, values }
}

function featureOf(name: FeatureName, flight: SeenFlight, { rates, feedOn }: FeatureContext): number {
  const hour = (flight.scheduled % DAY_MS) / 3_600_000
  switch (name) {
    case 'hour':
      return hour
    case 'hour_sin':
      return Math.sin((2 * Math.PI * hour) / 24)
    case 'hour_cos':
      return Math.cos((2 * Math.PI * hour) / 24)
    case 'distance':
      return Math.log(flight.distance)
    case 'origin_yesterday':
      return ownValue(feedOn(Math.floor(flight.scheduled / DAY_MS)), flight.origin) ?? rates.overall
    case 'departure_delay':
      return flight.departureDelay ?? Number.NaN
    case 'elapsed_ratio':
      return flight.arrived === null || flight.arrived === undefined
        ? Number.NaN
        : (flight.arrived - flight.scheduled) / MINUTE_MS / plannedMinutes(flight.distance)
    case 'sunday':
    case 'monday':
    case 'tuesday':
    case 'wednesday':
    case 'thursday':
    case 'friday':
    case 'saturday':
      return WEEKDAYS[new Date(flight.scheduled).getUTCDay()] === name ? 1 : 0
    default:
      // Relative to the overall share, which differs between folds: else the fold itself would tell about the labels.
      return logit(rateOf(rates, name satisfies GroupName, flight)) - logit(rates.overall)
  }
}

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const

const logit = (share: number): number => {
  const held = Math.min(0.999, Math.max(0.001, share))
  return Math.log(held / (1 - held))
}

/** Standardised values are clipped at this many deviations. */
export const FARTHEST = 8
