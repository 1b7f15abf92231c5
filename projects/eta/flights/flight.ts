/** One scheduled flight as the carrier's events tell of it. Instants are epoch ms in the clock of the source. */
export interface Flight {
  readonly scheduled: number
  /** Empty where the source names none. */
  readonly carrier: string
  readonly number: string
  readonly origin: string
  readonly destination: string
  /** Miles. */
  readonly distance: number
  /** Minutes after schedule at arrival; null when it was cancelled or diverted. */
  readonly delay: number | null
  /** Minutes after schedule at departure, where the source tells. Known only once the aircraft has left. */
  readonly departureDelay: number | null
  /** When the outcome was known; null where there never was one. */
  readonly arrived: number | null
}

export const MINUTE_MS = 60_000
/** Late is more than this many minutes after schedule, as in the yardsticks of the data sets. */
export const LATE_AFTER_MIN = 15

export const isLate = (delay: number): boolean => delay > LATE_AFTER_MIN
export const laneOf = (flight: Pick<Flight, 'origin' | 'destination'>): string =>
  `${flight.origin}-${flight.destination}`

/** Gate-to-gate minutes planned for a distance: 7.5 miles a minute and 40 minutes on the ground and in climb. */
export const plannedMinutes = (distance: number): number => distance / 7.5 + 40

/** What a decision may see: the schedule, nothing that happened afterwards. */
export type ScheduledFlight = Pick<Flight, 'scheduled' | 'carrier' | 'origin' | 'destination' | 'distance'>
