/**
 * A linear ranker under the same loss as the networks (ListNet's top-one cross-entropy), with an L2 penalty. With few
 * lists it is as good as a network and errs elsewhere, so their mean is better than either.
 */
import type { DenseLayer } from '../../kit/dense-layers.js'

/** Chosen on judged queries (docs/decisions/234). */
const L2 = 0.03
const STEPS = 300
const LEARNING_RATE = 0.03
const [DECAY, SQUARES_DECAY] = [0.9, 0.99]

interface Lists {
  /** Rows × width, scaled; list i has the rows offsets[i] to offsets[i + 1]. */
  readonly inputs: Float32Array
  readonly offsets: Uint32Array
  readonly width: number
  readonly targets: Float32Array
}

/** One layer of one unit: a network like the others to whatever scores it. Plain loops, so the same bytes each time. */
export function fitLinear(lists: Lists): { weights: number[]; bias: number[] } {
  const { width } = lists
  const weights = new Float64Array(width)
  const [first, second] = [new Float64Array(width), new Float64Array(width)]
  // Adam (Kingma and Ba 2015) on all lists at once.
  for (let step = 1; step <= STEPS; step += 1) {
    const slope = slopeAt(weights, lists)
    for (let column = 0; column < width; column += 1) {
      const own = (slope[column] as number) + L2 * (weights[column] as number)
      first[column] = DECAY * (first[column] as number) + (1 - DECAY) * own
      second[column] = SQUARES_DECAY * (second[column] as number) + (1 - SQUARES_DECAY) * own * own
      const mean = (first[column] as number) / (1 - DECAY ** step)
      const spread = Math.sqrt((second[column] as number) / (1 - SQUARES_DECAY ** step))
      weights[column] = (weights[column] as number) - (LEARNING_RATE * mean) / (spread + 1e-8)
    }
  }
  return { weights: Array.from(weights), bias: [0] }
}

function slopeAt(weights: Float64Array, { inputs, offsets, width, targets }: Lists): Float64Array {
  const slope = new Float64Array(width)
  const lists = offsets.length - 1
  for (let list = 0; list < lists; list += 1) {
    const [from, to] = [offsets[list] as number, offsets[list + 1] as number]
    const scores = Float64Array.from({ length: to - from }, (_, row) => scoreOf(weights, inputs, (from + row) * width))
    const highest = scores.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY)
    const shares = scores.map((score) => Math.exp(score - highest))
    const all = shares.reduce((sum, share) => sum + share, 0)
    const weight = targets.subarray(from, to).reduce((sum, target) => sum + target, 0)
    for (let row = from; row < to; row += 1) {
      const error = (weight * (shares[row - from] as number)) / all - (targets[row] as number)
      for (let column = 0; column < width; column += 1)
        slope[column] = (slope[column] as number) + (error * (inputs[row * width + column] as number)) / lists
    }
  }
  return slope
}

function scoreOf(weights: Float64Array, inputs: Float32Array, at: number): number {
  let score = 0
  for (let column = 0; column < weights.length; column += 1)
    score += (weights[column] as number) * (inputs[at + column] as number)
  return score
}

/** The same scores, so many times as large: in a mean of networks it then counts for as many. */
export const timesAsMuch = ({ weights, bias }: DenseLayer, times: number) => ({
  weights: weights.map((weight) => weight * times),
  bias: bias.map((one) => one * times),
})
