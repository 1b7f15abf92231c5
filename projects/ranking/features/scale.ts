/**
 * Features made comparable within their list: a score orders one page, and how large BM25 gets differs from query to query. What
 * belongs to the query alone would vanish, so it is scaled by fixed numbers.
 */
import type { Matrix } from './matrix.js'

/** Words: most queries have between two and five. */
const QUERY_LENGTH = { mean: 3.5, deviation: 1.5 }
const FARTHEST = 4

/** Row-major like the matrix; unknown values are 0, beyond ±4 deviations is cut off. */
export function scaleWithinLists({ names, offsets, values }: Matrix): Float32Array {
  const width = names.length
  const scaled = new Float32Array(values.length)
  for (let list = 0; list + 1 < offsets.length; list += 1) {
    const [from, to] = [offsets[list] as number, offsets[list + 1] as number]
    for (let column = 0; column < width; column += 1) {
      const { mean, deviation } =
        names[column] === 'query_length' ? QUERY_LENGTH : moments(values, width, column, from, to)
      for (let row = from; row < to; row += 1) {
        const value = ((values[row * width + column] as number) - mean) / deviation
        scaled[row * width + column] = Number.isNaN(value) ? 0 : Math.min(FARTHEST, Math.max(-FARTHEST, value))
      }
    }
  }
  return scaled
}

function moments(values: Float32Array, width: number, column: number, from: number, to: number) {
  let [n, sum, squares] = [0, 0, 0]
  for (let row = from; row < to; row += 1) {
    const value = values[row * width + column] as number
    if (Number.isNaN(value)) continue
    n += 1
    sum += value
    squares += value * value
  }
  const mean = n === 0 ? 0 : sum / n
  const deviation = n === 0 ? 0 : Math.sqrt(Math.max(0, squares / n - mean * mean))
  return { mean, deviation: deviation < 1e-6 ? 1 : deviation }
}
