/** Scores a photo with plain loops, 5 to 20 ms a photo, without a tensor library. */
import { samePadding } from './convolution.js'
import { type StoredNetwork, unpackFloats } from './network-shape.js'

interface Stage {
  readonly filters: number
  readonly kernel: number
  readonly stride: number
  readonly pool: number
  readonly weights: Float32Array
  readonly bias: Float32Array
}

/** edge × edge × channels, row by row. */
interface Picture {
  readonly edge: number
  readonly channels: number
  readonly values: Float32Array
}

/** Log-odds of damage before calibration, from a standardised photo and the further inputs. */
export type Network = (photo: Float32Array, extras: readonly number[]) => number

export function openNetwork({ edge, stages, head }: StoredNetwork): Network {
  const open: Stage[] = stages.map((stage) => ({
    ...stage,
    weights: unpackFloats(stage.weights),
    bias: unpackFloats(stage.bias),
  }))
  const [weights, bias] = [unpackFloats(head.weights), unpackFloats(head.bias)]
  return (photo, extras) => {
    let picture: Picture = { edge, channels: 3, values: photo }
    for (const stage of open) picture = strongest(convolved(picture, stage), stage.pool)
    const features = [...summary(picture), ...extras]
    return features.reduce((sum, feature, index) => sum + feature * (weights[index] as number), bias[0] as number)
  }
}

/**
 * ReLU(convolution + bias), four filters at a time so that their sums stay in registers. A row of the window is
 * contiguous in the padded picture, so the inner loop has no jumps.
 */
function convolved({ edge, channels, values }: Picture, { filters, kernel, stride, weights, bias }: Stage): Picture {
  const [before, after] = samePadding(edge, { kernel, stride })
  const wide = edge + before + after
  const padded = new Float32Array(wide * wide * channels)
  for (let row = 0; row < edge; row += 1) {
    const line = values.subarray(row * edge * channels, (row + 1) * edge * channels)
    padded.set(line, ((row + before) * wide + before) * channels)
  }
  const left = Math.ceil(edge / stride)
  const result = new Float32Array(left * left * filters)
  const span = kernel * channels
  for (let square = 0; square < left * left; square += 1) {
    const corner = (Math.floor(square / left) * stride * wide + (square % left) * stride) * channels
    for (let filter = 0; filter < filters; filter += 4) {
      let [a, b, c, d] = [0, 0, 0, 0]
      let weight = filter
      for (let line = 0; line < kernel; line += 1) {
        const end = corner + line * wide * channels + span
        for (let at = end - span; at < end; at += 1, weight += filters) {
          const value = padded[at] as number
          a += value * (weights[weight] as number)
          b += value * (weights[weight + 1] as number)
          c += value * (weights[weight + 2] as number)
          d += value * (weights[weight + 3] as number)
        }
      }
      const to = square * filters + filter
      result[to] = Math.max(0, a + (bias[filter] as number))
      result[to + 1] = Math.max(0, b + (bias[filter + 1] as number))
      result[to + 2] = Math.max(0, c + (bias[filter + 2] as number))
      result[to + 3] = Math.max(0, d + (bias[filter + 3] as number))
    }
  }
  return { edge: left, channels: filters, values: result }
}

function strongest({ edge, channels, values }: Picture, pool: number): Picture {
  if (pool === 1) return { edge, channels, values }
  const left = edge / pool
  const best = new Float32Array(left * left * channels)
  for (let pixel = 0; pixel < edge * edge; pixel += 1) {
    const square = Math.floor(Math.floor(pixel / edge) / pool) * left + Math.floor((pixel % edge) / pool)
    for (let channel = 0; channel < channels; channel += 1) {
      const at = square * channels + channel
      best[at] = Math.max(best[at] as number, values[pixel * channels + channel] as number)
    }
  }
  return { edge: left, channels, values: best }
}

/** The mean of each channel, then the maximum of each. After a ReLU no value is below zero. */
function summary({ edge, channels, values }: Picture): Float64Array {
  const found = new Float64Array(2 * channels)
  for (let at = 0; at < values.length; at += 1) {
    const channel = at % channels
    const value = values[at] as number
    found[channel] = (found[channel] as number) + value / edge ** 2
    if (value > (found[channels + channel] as number)) found[channels + channel] = value
  }
  return found
}
