/** A network learns little from few photos: the classical method counts beside it, unless it is shown to be worse. */
import { expect, it } from 'vitest'
import { blend, shareOfHistograms } from '../../../projects/vision/model/blend.js'
import { histogramsOf, NUMBERS } from '../../../projects/vision/model/histograms.js'
import { openLogOdds } from '../../../projects/vision/model/log-odds.js'
import { logOddsBy } from '../../../projects/vision/model/logistic.js'
import { balanced } from '../../../projects/vision/model/network.js'
import { packFloats, unpackFloats } from '../../../projects/vision/model/network-shape.js'
import { chance } from '../../toy-project/data.js'

const ROWS = 200
const labels = Uint8Array.from({ length: ROWS }, (_, row) => (row % 4 === 0 ? 1 : 0))
/** Log-odds that know the label up to noise. */
const knowing = (seed: number, strength: number) =>
  Float64Array.from(
    labels,
    (label, row) => strength * (label - 0.25) + (chance(seed, row, 0) + chance(seed, row, 1) - 1),
  )
const unit = { weights: new Float32Array(NUMBERS).fill(0.5), bias: -2 }

it('two methods that are as good count alike', () => {
  expect(shareOfHistograms({ network: knowing(1, 1), histograms: knowing(2, 1), labels })).toBe(0.5)
})

it('histograms that know nothing do not count where photos show it, and the model has none', () => {
  const seen = { network: knowing(1, 3), histograms: knowing(2, 0), labels }
  expect(shareOfHistograms(seen)).toBe(0)
  expect(blend(unit, seen)).toEqual({ logOdds: seen.network })
})

it('a dozen photos do not show it', () => {
  const [few, end] = [labels.subarray(0, 12), 12]
  const seen = { network: knowing(1, 0.5).subarray(0, end), histograms: knowing(2, 0).subarray(0, end), labels: few }
  expect(shareOfHistograms(seen)).toBe(0.5)
})

it('each counts in units of its own deviation: one that is surer of everything has no greater part', () => {
  const seen = { network: knowing(1, 1), histograms: knowing(2, 1).map((z) => 100 * z), labels }
  const { histograms, logOdds } = blend(unit, seen)
  const deviation = (values: Float64Array) => {
    const mean = values.reduce((a, b) => a + b, 0) / ROWS
    return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / ROWS)
  }
  const [own, others] = [0.5 / deviation(seen.network), 0.5 / deviation(seen.histograms)]
  expect(histograms?.networkFactor).toBeCloseTo(own, 12)
  expect(unpackFloats(histograms?.weights ?? '')[0]).toBeCloseTo(0.5 * others, 6)
  expect(unpackFloats(histograms?.bias ?? '')[0]).toBeCloseTo(-2 * others, 5)
  logOdds.forEach((z, row) => {
    expect(z).toBeCloseTo(own * (seen.network[row] as number) + others * (seen.histograms[row] as number), 9)
  })
})

it('with few photos both classes come as often in an epoch, and no photo is left out', () => {
  const order = balanced(labels)
  expect(order.filter((row) => labels[row] === 1)).toHaveLength(150)
  expect(order.filter((row) => labels[row] === 0)).toHaveLength(150)
  expect(new Set(order).size).toBe(ROWS)
  expect(balanced(new Uint8Array(600)).length).toBe(600)
  expect(balanced(labels.map((label) => 1 - label)).filter((row) => labels[row] === 1)).toHaveLength(150)
})

it('a model answers with the sum of both, and with the network alone where it has no histograms', () => {
  const floats = (length: number, pace: number) =>
    packFloats(Float32Array.from({ length }, (_, at) => Math.sin(at * pace) / 10))
  const stage = { filters: 4, kernel: 3, stride: 2, pool: 1, weights: floats(108, 0.3), bias: floats(4, 0.2) }
  const network = { edge: 16, stages: [stage], head: { weights: floats(8, 0.7), bias: floats(1, 0.4) } }
  const pixels = Uint8Array.from({ length: 224 * 224 * 3 }, (_, at) => 128 + 100 * Math.sin(at / 50))
  const alone = openLogOdds({ network })?.(pixels, []) ?? Number.NaN
  const weights = Float32Array.from({ length: NUMBERS }, (_, at) => Math.cos(at))
  const histograms = { weights: packFloats(weights), bias: packFloats(Float32Array.of(0.25)), networkFactor: 3 }
  const both = openLogOdds({ network, histograms })?.(pixels, []) ?? Number.NaN
  expect(both).toBeCloseTo(3 * alone + logOddsBy({ weights, bias: 0.25 })(histogramsOf(pixels)), 9)
  expect(openLogOdds({ network: null })).toBeNull()
})
