/** Splits a snapshot by time: train on the oldest flights, calibrate on a later week, hold out the last week. */
import { DAY_MS } from '../../contracts/duration.js'
import { type Flight, isLate } from './flights/flight.js'

export interface LabelledFlight extends Flight {
  readonly delay: number
  readonly arrived: number
}

export interface TimeSplit {
  readonly calibrateFrom: number
  readonly heldOutFrom: number
}

export const splitAt = (cutoff: number, days: { heldOut: number; calibration: number }): TimeSplit => ({
  heldOutFrom: cutoff - days.heldOut * DAY_MS,
  calibrateFrom: cutoff - (days.heldOut + days.calibration) * DAY_MS,
})

/** Flights scheduled in [from, to) whose outcome was known before `to`: what could have been known at that time. */
export const knownIn = (flights: readonly Flight[], from: number, to: number): LabelledFlight[] =>
  flights.filter(
    (flight): flight is LabelledFlight =>
      flight.delay !== null && flight.arrived !== null && flight.scheduled >= from && flight.arrived < to,
  )

export const labelsOf = (flights: readonly LabelledFlight[]): Uint8Array =>
  Uint8Array.from(flights, ({ delay }) => (isLate(delay) ? 1 : 0))
