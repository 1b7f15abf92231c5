/**
 * The classical reference: histograms of gradients (Dalal and Triggs 2005) with a logistic regression. It needs seconds
 * and few photos. A network that is not better than it is not worth its training.
 */
import { HALF, halvedGrey } from '../photos/halved-grey.js'

/** In pixels of half the edge: eight cells in each direction. */
const CELL = 14
const CELLS = HALF / CELL
const DIRECTIONS = 9
export const NUMBERS = CELLS * CELLS * (DIRECTIONS + 1)

/**
 * Of each cell: the gradient by direction as shares of the photo's mean, and the strongest gradient. Logarithms, since
 * few cells hold most of the edges.
 */
export function histogramsOf(pixels: Uint8Array): Float32Array {
  const grey = halvedGrey(pixels)
  const sums = new Float64Array(CELLS * CELLS * DIRECTIONS)
  const strongest = new Float64Array(CELLS * CELLS)
  let total = 0
  for (let row = 1; row < HALF - 1; row += 1) {
    for (let column = 1; column < HALF - 1; column += 1) {
      const at = row * HALF + column
      const across = (grey[at + 1] as number) - (grey[at - 1] as number)
      const down = (grey[at + HALF] as number) - (grey[at - HALF] as number)
      const size = Math.hypot(across, down)
      // Light and dark side do not matter: half a turn is the same direction.
      const angle = (Math.atan2(down, across) + Math.PI) % Math.PI
      const direction = Math.min(DIRECTIONS - 1, Math.floor((angle / Math.PI) * DIRECTIONS))
      const cell = Math.floor(row / CELL) * CELLS + Math.floor(column / CELL)
      const to = cell * DIRECTIONS + direction
      sums[to] = (sums[to] as number) + size
      strongest[cell] = Math.max(strongest[cell] as number, size)
      total += size
    }
  }
  const usual = total / (HALF - 2) ** 2 || 1
  const area = (CELL * CELL) / DIRECTIONS
  const found = new Float32Array(NUMBERS)
  sums.forEach((sum, index) => {
    found[index] = Math.log1p(sum / area / usual)
  })
  strongest.forEach((size, cell) => {
    found[sums.length + cell] = Math.log1p(size / usual)
  })
  return found
}

const STEPS = 250
const LEARNING_RATE = 0.02
const L2 = 0.05

/** @returns the log-odds of a photo, from its numbers */
export function fitLogistic(
  rows: readonly Float32Array[],
  labels: ArrayLike<number>,
): (numbers: Float32Array) => number {
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
  return (numbers) => dot(weights, scaled(numbers)) + bias
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

function dot(weights: Float64Array, values: Float32Array): number {
  let sum = 0
  for (let column = 0; column < weights.length; column += 1)
    sum += (weights[column] as number) * (values[column] as number)
  return sum
}

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z))
