/**
 * The instants of looks: a fixed grid of event time, so that the evidence of a look does not depend on when a worker
 * runs.
 */
import { firstExposedDay } from '../contracts/exposure.js'

/** A year of looks every hour. What is beyond waits for the next call. */
const MOST_AT_ONCE = 10_000

/** Look instants in (after, until], every `every` ms from the first exposed day; the first 10,000 of them. */
export function looksBetween(request: { opened: number; every: number; after: number; until: number }): number[] {
  const { opened, every, after, until } = request
  const start = firstExposedDay(opened)
  const looks: number[] = []
  const first = Math.max(1, Math.floor((after - start) / every) + 1)
  for (let look = start + first * every; look <= until && looks.length < MOST_AT_ONCE; look += every) looks.push(look)
  return looks
}

/** The next look after an instant. */
export function nextLook(request: { opened: number; every: number; after: number }): number {
  const { opened, every, after } = request
  const start = firstExposedDay(opened)
  return start + Math.max(1, Math.floor((after - start) / every) + 1) * every
}
