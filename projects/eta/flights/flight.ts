/** One scheduled flight, from the carrier's events. Instants are epoch ms in the clock of the source. */
export interface Flight {
  readonly scheduled: number
  /** Empty where the source has none. */
  readonly carrier: string
  readonly number: string
  readonly origin: string
  readonly destination: string
  /** Miles. */
  readonly distance: number
  /** Minutes after schedule at arrival; null when it was cancelled or diverted. */
  readonly delay: number | null
  /** Minutes after schedule at departure; null where the source has none. Known only after the aircraft has left. */
  readonly departureDelay: number | null
  /** When the outcome became known; null where there is none. */
  readonly arrived: number | null
}

export const MINUTE_MS = 60_000
/** A flight is late if it arrives more than this many minutes after schedule, as in published results on these data. */
export const LATE_AFTER_MIN = 15

export const isLate = (delay: number): boolean => delay > LATE_AFTER_MIN
export const laneOf = (flight: Pick<Flight, 'origin' | 'destination'>): string =>
  `${flight.origin}-${flight.destination}`

/** Planned gate-to-gate minutes for a distance: 7.5 miles a minute, and 40 minutes on the ground and in climb. */
export const plannedMinutes = (distance: number): number => distance / 7.5 + 40

/** The input of a decision: the schedule, and nothing that happened afterwards. */
export type ScheduledFlight = Pick<Flight, 'scheduled' | 'carrier' | 'origin' | 'destination' | 'distance'>
