/** Columns with mean 0 and deviation 1 where they were learned. */
export interface Scaling {
  readonly mean: number[]
  readonly deviation: number[]
}

/** Row-major, `rows` × `names.length`; unknown values are NaN. */
interface Columns {
  readonly names: readonly string[]
  readonly rows: number
  readonly values: Float64Array
}

export function fitScaling({ names, rows, values }: Columns): Scaling {
  const width = names.length
  const moments = names.map((_, column) => {
    let [n, sum, squares] = [0, 0, 0]
    for (let row = 0; row < rows; row += 1) {
      const value = values[row * width + column] as number
      if (Number.isNaN(value)) continue
      n += 1
      sum += value
      squares += value * value
    }
    const mean = n === 0 ? 0 : sum / n
    const deviation = n === 0 ? 0 : Math.sqrt(Math.max(0, squares / n - mean * mean))
    // A column that never changes says nothing, and must not blow up when it does.
    return { mean, deviation: deviation < 1e-9 ? 1 : deviation }
  })
  return { mean: moments.map((m) => m.mean), deviation: moments.map((m) => m.deviation) }
}

/** Standardised; unknown is 0, the mean where it was learned. @param farthest deviations beyond which a value is cut off */
export function scale({ names, values }: Columns, { mean, deviation }: Scaling, farthest: number): Float32Array {
  const width = names.length
  return Float32Array.from(values, (value, index) => {
    const column = index % width
    const scaled = (value - (mean[column] as number)) / (deviation[column] as number)
    return Number.isNaN(scaled) ? 0 : Math.min(farthest, Math.max(-farthest, scaled))
  })
}
