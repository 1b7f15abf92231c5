/**
 * The instants of looks: a fixed grid of event time, so that the evidence of a look does not depend on when a worker
 * runs.
 */
import { firstExposedDay } from '../contracts/exposure.js'

/** Look instants in (after, until], every `every` ms from the first exposed day. */
export function looksBetween(request: { opened: number; every: number; after: number; until: number }): number[] {
  const { opened, every, after, until } = request
  const start = firstExposedDay(opened)
  const looks: number[] = []
  const first = Math.max(1, Math.floor((after - start) / every) + 1)
  for (let look = start + first * every; look <= until; look += every) looks.push(look)
  return looks
}

/** The next look after an instant. */
export function nextLook(request: { opened: number; every: number; after: number }): number {
  const { opened, every, after } = request
  const start = firstExposedDay(opened)
  return start + Math.max(1, Math.floor((after - start) / every) + 1) * every
}
