/** The classical learner beside the network: it needs seconds and few photos. */
const STEPS = 250
const LEARNING_RATE = 0.02
const L2 = 0.05

/** Log-odds = weights · numbers + bias. */
export interface LogisticUnit {
  readonly weights: Float32Array
  readonly bias: number
}

export const logOddsBy =
  ({ weights, bias }: LogisticUnit) =>
  (numbers: Float32Array): number =>
    dot(weights, numbers) + bias

/** A logistic regression with L2 by Adam (Kingma and Ba 2014), whose classes count alike. @param labels 0 or 1 */
export function fitLogistic(rows: readonly Float32Array[], labels: ArrayLike<number>): LogisticUnit {
  const width = rows[0]?.length ?? 0
  const { mean, deviation } = momentsOf(rows, width)
  const scaled = (row: Float32Array) =>
    row.map((value, column) => (value - (mean[column] as number)) / (deviation[column] as number))
  const inputs = rows.map(scaled)
  const damaged = Array.from({ length: rows.length }, (_, row) => labels[row] as number).reduce((a, b) => a + b, 0)
  // Classes count alike: damage is rare.
  const weightOf = (label: number) => rows.length / 2 / Math.max(1, label === 1 ? damaged : rows.length - damaged)
  const weights = new Float64Array(width)
  const [first, second] = [new Float64Array(width), new Float64Array(width)]
  let bias = 0
  for (let step = 1; step <= STEPS; step += 1) {
    const slope = new Float64Array(width)
    let shift = 0
    inputs.forEach((input, row) => {
      const label = labels[row] as number
      const error = ((sigmoid(dot(weights, input) + bias) - label) * weightOf(label)) / inputs.length
      shift += error
      for (let column = 0; column < width; column += 1)
        slope[column] = (slope[column] as number) + error * (input[column] as number)
    })
    bias -= shift
    for (let column = 0; column < width; column += 1) {
      const own = (slope[column] as number) + (L2 / Math.sqrt(width)) * (weights[column] as number)
      first[column] = 0.9 * (first[column] as number) + 0.1 * own
      second[column] = 0.99 * (second[column] as number) + 0.01 * own * own
      const spread = Math.sqrt((second[column] as number) / (1 - 0.99 ** step)) + 1e-8
      weights[column] =
        (weights[column] as number) - (LEARNING_RATE * (first[column] as number)) / (1 - 0.9 ** step) / spread
    }
  }
  const unscaled = Float32Array.from(weights, (weight, column) => weight / (deviation[column] as number))
  return { weights: unscaled, bias: bias - dot(unscaled, Float32Array.from(mean)) }
}

function momentsOf(rows: readonly Float32Array[], width: number) {
  const [mean, deviation] = [new Float64Array(width), new Float64Array(width)]
  for (let column = 0; column < width; column += 1) {
    let [sum, squares] = [0, 0]
    for (const row of rows) {
      const value = row[column] as number
      sum += value
      squares += value * value
    }
    const own = sum / Math.max(1, rows.length)
    mean[column] = own
    deviation[column] = Math.sqrt(Math.max(0, squares / Math.max(1, rows.length) - own * own)) || 1
  }
  return { mean, deviation }
}

function dot(weights: ArrayLike<number>, values: Float32Array): number {
  let sum = 0
  for (let column = 0; column < weights.length; column += 1)
    sum += (weights[column] as number) * (values[column] as number)
  return sum
}

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z))
