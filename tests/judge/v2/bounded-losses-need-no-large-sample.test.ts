import { describe, expect, it } from 'vitest'
import { createRandom } from '../../../judge/simulation/random.js'
import { boundedHalfWidth } from '../../../judge/v2/bounded.js'
import type { Cell, Stratum } from '../../../judge/v2/strata.js'

const REQUEST = { bounds: { lowest: 0, highest: 1 }, alpha: 0.05, tunedFor: 5_000, designEffect: 1 }

function cell(losses: readonly number[]): Cell {
  const squares = losses.reduce((sum, loss) => sum + loss * loss, 0)
  return { n: losses.length, sum: losses.reduce((sum, loss) => sum + loss, 0), squares, clusterSquares: 0 }
}
function stratum(index: number, ones: readonly number[], zeros: readonly number[]): Stratum {
  const [one, zero] = [cell(ones), cell(zeros)]
  return { day: `${1_000 + index}`, one, zero, weight: (one.n * zero.n) / (one.n + zero.n) }
}
const effectOf = (strata: readonly Stratum[]) =>
  strata.reduce((sum, { one, zero, weight }) => sum + weight * (one.sum / one.n - zero.sum / zero.n), 0) /
  strata.reduce((sum, { weight }) => sum + weight, 0)

describe('the interval for bounded losses', () => {
  it('covers at every look of a ramp when a rare disaster carries half of the mean', () => {
    // One decision in 250 costs 1, the others .004: a small canary rarely sees it, and its mean then looks lower.
    const draw = (random: () => number) => (random() < 0.004 ? 1 : 0.004)
    let missed = 0
    for (let run = 0; run < 300; run += 1) {
      const random = createRandom(5, run)
      const strata: Stratum[] = []
      for (let day = 0; day < 20; day += 1) {
        const canary = [5, 25, 50, 125, 250][Math.min(4, Math.floor(day / 2))] ?? 0
        const arm = (count: number) => Array.from({ length: count }, () => draw(random))
        strata.push(stratum(day, arm(canary), arm(500 - canary)))
        if (Math.abs(effectOf(strata)) > boundedHalfWidth(strata, REQUEST)) {
          missed += 1
          break
        }
      }
    }
    expect(missed / 300).toBeLessThanOrEqual(0.05)
  })

  it('is an e-value for every order of all outcomes of two small days', () => {
    // Every outcome of 3 + 3 decisions on two days with a chance of ½: the interval misses 0 in 5 % at most.
    let missed = 0
    const bits = (number: number, from: number) => [0, 1, 2].map((bit) => (number >> (from + bit)) & 1)
    for (let outcome = 0; outcome < 4_096; outcome += 1) {
      const first = stratum(0, bits(outcome, 0), bits(outcome, 3))
      const both = [first, stratum(1, bits(outcome, 6), bits(outcome, 9))]
      const misses = (strata: Stratum[]) => Math.abs(effectOf(strata)) > boundedHalfWidth(strata, REQUEST)
      if (misses([first]) || misses(both)) missed += 1
    }
    expect(missed / 4_096).toBeLessThanOrEqual(0.05)
  })

  it('follows the scale of the losses, and is the same for both directions', () => {
    const days = [stratum(0, [0, 1, 0, 0], [1, 0, 1, 0, 0]), stratum(1, [1, 1, 0], [0, 0, 1])]
    const scaled = days.map(({ day, weight, one, zero }) => {
      const wider = ({ n, sum, squares }: Cell) => ({
        n,
        sum: 4 * sum - n,
        squares: 16 * squares - 8 * sum + n,
        clusterSquares: 0,
      })
      return { day, weight, one: wider(one), zero: wider(zero) }
    })
    const width = boundedHalfWidth(days, REQUEST)
    expect(boundedHalfWidth(scaled, { ...REQUEST, bounds: { lowest: -1, highest: 3 } })).toBeCloseTo(4 * width, 9)
    const swapped = days.map(({ one, zero, ...rest }) => ({ ...rest, one: zero, zero: one }))
    const ties = days.map((day) => day.one.n === day.zero.n)
    expect(ties).toEqual([false, true])
    expect(boundedHalfWidth([swapped[0] as Stratum], REQUEST)).toBeCloseTo(
      boundedHalfWidth([days[0] as Stratum], REQUEST),
      9,
    )
  })

  it('an entity with m equal decisions needs the interval of its m-th part, exactly', () => {
    const once = [stratum(0, [0, 1, 0, 0, 1], [1, 0, 1, 0, 0]), stratum(1, [1, 1, 0, 0, 0], [0, 0, 0, 1, 1])]
    const repeated = once.map(({ day, one, zero, weight }) => {
      const times = (cell: Cell) => ({ n: 3 * cell.n, sum: 3 * cell.sum, squares: 3 * cell.squares, clusterSquares: 0 })
      return { day, one: times(one), zero: times(zero), weight: 3 * weight }
    })
    const [small, large] = [
      boundedHalfWidth(once, REQUEST),
      boundedHalfWidth(repeated, { ...REQUEST, designEffect: 3 }),
    ]
    // The first prediction counts as half a decision; of an entity it would be half an entity.
    expect(large / small).toBeGreaterThan(0.97)
    expect(large / small).toBeLessThan(1.03)
  })

  it('narrows to little more than the sequence for large samples', () => {
    const random = createRandom(1)
    const arm = () => Array.from({ length: 500 }, () => (random() < 0.12 ? 1 : 0))
    const strata = Array.from({ length: 10 }, (_, day) => stratum(day, arm(), arm()))
    const normal = 3.04 * Math.sqrt((2 * 0.12 * 0.88) / 5_000)
    expect(boundedHalfWidth(strata, REQUEST) / normal).toBeLessThan(1.35)
    expect(boundedHalfWidth(strata, REQUEST) / normal).toBeGreaterThan(0.9)
  })
})
