import { normalTail } from '../normal.js'
import { studentTail } from './special.js'

/**
 * The critical value of Student's t that as few exceed as exceed `z` in the normal distribution.
 * @returns infinite where the tail is too small to be computed
 */
export function studentFor(z: number, freedom: number): number {
  const tail = normalTail(z)
  let [low, high] = [z, 2 * z + 1]
  while (studentTail(high, freedom) > tail) {
    low = high
    high *= 2
    if (high > 1e12) return Number.POSITIVE_INFINITY
  }
  for (let round = 0; round < 80 && high - low > 1e-12 * high; round += 1) {
    const middle = (low + high) / 2
    if (studentTail(middle, freedom) > tail) low = middle
    else high = middle
  }
  return high
}
