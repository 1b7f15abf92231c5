/** Scales columns to mean 0 and standard deviation 1, by the moments of the training rows. */
export interface Scaling {
  readonly mean: number[]
  readonly deviation: number[]
}

/** Row-major, `rows` × `names.length`. Unknown values are NaN. */
interface Columns {
  readonly names: readonly string[]
  readonly rows: number
  readonly values: Float64Array
}

export function fitScaling({ names, rows, values }: Columns): Scaling {
  const moments = names.map((_, column) => momentsOf({ values, width: names.length, column, from: 0, to: rows }, 1e-9))
  return { mean: moments.map((m) => m.mean), deviation: moments.map((m) => m.deviation) }
}

/**
 * Mean and deviation of one column in the rows [from, to). Unknown values are left out; a column of them has mean 0.
 * @param constantBelow a smaller deviation counts as a constant column. Its deviation is then 1, so that a later change
 * of the constant does not become a huge value.
 */
export function momentsOf(
  { values, width, column, from, to }: Block,
  constantBelow: number,
): { mean: number; deviation: number } {
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
  return { mean, deviation: deviation < constantBelow ? 1 : deviation }
}

interface Block {
  /** Row-major. */
  readonly values: ArrayLike<number>
  readonly width: number
  readonly column: number
  readonly from: number
  readonly to: number
}

/**
 * Standardised values. An unknown value becomes 0, which is the mean of the training rows.
 * @param farthest deviations beyond which a value is clipped
 */
export function scale({ names, values }: Columns, { mean, deviation }: Scaling, farthest: number): Float32Array {
  const width = names.length
  return Float32Array.from(values, (value, index) => {
    const column = index % width
    const scaled = (value - (mean[column] as number)) / (deviation[column] as number)
    return Number.isNaN(scaled) ? 0 : Math.min(farthest, Math.max(-farthest, scaled))
  })
}
