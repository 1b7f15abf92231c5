/**
 * Scales features within their list. A score orders the listings of one page, and the size of BM25 differs from query
 * to query. A feature of the query alone is constant within a list and would become 0, so it is scaled by fixed
 * numbers.
 */
import { momentsOf } from '../../kit/scaling.js'
import type { Matrix } from './matrix.js'

/** In words. Most queries have two to five. */
const QUERY_LENGTH = { mean: 3.5, deviation: 1.5 }
const FARTHEST = 4

/** Row-major like the matrix. Unknown values become 0; values are clipped at ±4 deviations. */
export function scaleWithinLists({ names, offsets, values }: Matrix): Float32Array {
  const width = names.length
  const scaled = new Float32Array(values.length)
  for (let list = 0; list + 1 < offsets.length; list += 1) {
    const [from, to] = [offsets[list] as number, offsets[list + 1] as number]
    for (let column = 0; column < width; column += 1) {
      const { mean, deviation } =
        names[column] === 'query_length' ? QUERY_LENGTH : momentsOf({ values, width, column, from, to }, 1e-6)
      for (let row = from; row < to; row += 1) {
        const value = ((values[row * width + column] as number) - mean) / deviation
        scaled[row * width + column] = Number.isNaN(value) ? 0 : Math.min(FARTHEST, Math.max(-FARTHEST, value))
      }
    }
  }
  return scaled
}
