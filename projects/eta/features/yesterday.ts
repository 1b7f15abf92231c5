/** The nightly feed: the late share of each origin on the day before, of flights that had arrived by midnight. */
import { DAY_MS } from '../../../contracts/duration.js'
import { type Flight, isLate } from '../flights/flight.js'

/** Late shares by origin. */
export type Feed = Readonly<Record<string, number>>

const PRIOR = 20

/** The feed of each day (epoch day number) as it stood at that day's start. */
export function feedsByDay(flights: readonly Flight[], overall: number): Map<number, Feed> {
  const tallies = new Map<number, Map<string, { n: number; late: number }>>()
  for (const { scheduled, origin, delay, arrived } of flights) {
    if (delay === null || arrived === null) continue
    const nextDay = Math.floor(scheduled / DAY_MS) + 1
    if (arrived >= nextDay * DAY_MS) continue
    const day = tallies.get(nextDay) ?? new Map<string, { n: number; late: number }>()
    tallies.set(nextDay, day)
    const tally = day.get(origin) ?? { n: 0, late: 0 }
    tally.n += 1
    tally.late += isLate(delay) ? 1 : 0
    day.set(origin, tally)
  }
  const share = ({ n, late }: { n: number; late: number }) =>
    Number(((late + PRIOR * overall) / (n + PRIOR)).toFixed(6))
  return new Map(
    [...tallies].map(([day, origins]) => [
      day,
      Object.fromEntries([...origins].map(([origin, tally]) => [origin, share(tally)])),
    ]),
  )
}
