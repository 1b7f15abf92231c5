/** A snapshot's flights by time: learn from the oldest, calibrate on a later week, hold out the last one. */
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

/** Scheduled in [from, to) with an outcome known before `to`: what could have been known there and then. */
export const knownIn = (flights: readonly Flight[], from: number, to: number): LabelledFlight[] =>
  flights.filter(
    (flight): flight is LabelledFlight =>
      flight.delay !== null && flight.arrived !== null && flight.scheduled >= from && flight.arrived < to,
  )

export const labelsOf = (flights: readonly LabelledFlight[]): Uint8Array =>
  Uint8Array.from(flights, ({ delay }) => (isLate(delay) ? 1 : 0))
