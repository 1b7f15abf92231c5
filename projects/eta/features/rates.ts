/**
 * Late shares of groups of flights. Small groups are shrunk towards the overall share: (late + m·overall) / (n + m).
 */
import { DAY_MS } from '../../../contracts/duration.js'
import { ownValue } from '../../kit/own-value.js'
import { type Flight, isLate, laneOf, type ScheduledFlight } from '../flights/flight.js'

export const GROUPS = {
  hour_rate: (flight) => `${flight.origin} ${new Date(flight.scheduled).getUTCHours()}`,
  carrier_rate: (flight) => flight.carrier,
  origin_rate: (flight) => flight.origin,
  destination_rate: (flight) => flight.destination,
  lane_rate: laneOf,
  carrier_lane_rate: (flight) => `${flight.carrier} ${laneOf(flight)}`,
} as const satisfies Record<string, (flight: ScheduledFlight) => string>

export type GroupName = keyof typeof GROUPS
export const GROUP_NAMES = Object.keys(GROUPS) as GroupName[]

/** Weight of the overall share, in flights. */
const PRIOR = 50

export interface Rates {
  readonly overall: number
  readonly groups: Readonly<Record<GroupName, Readonly<Record<string, number>>>>
}

interface Tally {
  n: number
  late: number
}

type Tallies = Record<GroupName, Map<string, Tally>>

/** Labelled flights only. */
export function fitRates(flights: readonly Flight[]): Rates {
  return toRates(tally(flights))
}

const FOLDS = 5

/**
 * Rates for training. A flight's rates leave out every fifth day, including its own. Otherwise its own label would be
 * in its features, and the model would trust them too much.
 */
export function ratesByFold(flights: readonly Flight[]): (flight: Flight) => Rates {
  const foldOf = (flight: Flight) => Math.floor(flight.scheduled / DAY_MS) % FOLDS
  const rates = Array.from({ length: FOLDS }, (_, fold) =>
    fitRates(flights.filter((flight) => foldOf(flight) !== fold)),
  )
  return (flight) => rates[foldOf(flight)] as Rates
}

function tally(flights: readonly Flight[]): { all: Tally; groups: Tallies } {
  const groups = Object.fromEntries(GROUP_NAMES.map((name) => [name, new Map<string, Tally>()])) as Tallies
  const all: Tally = { n: 0, late: 0 }
  for (const flight of flights) {
    if (flight.delay === null) continue
    const late = isLate(flight.delay) ? 1 : 0
    all.n += 1
    all.late += late
    for (const name of GROUP_NAMES) {
      const key = GROUPS[name](flight)
      const known = groups[name].get(key)
      if (known) {
        known.n += 1
        known.late += late
      } else groups[name].set(key, { n: 1, late })
    }
  }
  return { all, groups }
}

function toRates({ all, groups }: { all: Tally; groups: Tallies }): Rates {
  const overall = all.n === 0 ? 0 : all.late / all.n
  const smooth = ({ n, late }: Tally) => Number(((late + PRIOR * overall) / (n + PRIOR)).toFixed(6))
  const table = (name: GroupName) =>
    Object.fromEntries(
      [...groups[name]].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => [key, smooth(value)]),
    )
  return {
    overall,
    groups: Object.fromEntries(GROUP_NAMES.map((name) => [name, table(name)])) as unknown as Rates['groups'],
  }
}

/** An unknown group has the overall share. */
export const rateOf = (rates: Rates, name: GroupName, flight: ScheduledFlight): number =>
  ownValue(rates.groups[name], GROUPS[name](flight)) ?? rates.overall
