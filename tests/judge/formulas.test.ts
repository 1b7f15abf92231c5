/** Every formula against the same number computed in another way. */
import jstat from 'jstat'
import { describe, expect, it } from 'vitest'
import { halfWidth, mixtureRho } from '../../judge/confidence-sequence.js'
import { nextBoundary } from '../../judge/group-sequential/boundaries.js'
import { type Spending, spentBy } from '../../judge/group-sequential/spending.js'
import { erfc, normalQuantile, normalTail } from '../../judge/normal.js'

describe('the confidence sequence', () => {
  /**
   * Where the sequence comes from: a normal mixture over all effects, ∫ exp(λS − λ²n/2) dN(λ; 0, ρ²), is a fair bet, so
   * it exceeds 1/α with chance α at most (Robbins 1970). The boundary is the S at which it is 1/α: found here by
   * integrating numerically and bisecting, without the closed form.
   */
  function boundaryByIntegration(n: number, alpha: number, rho: number): number {
    const logMixture = (score: number) => {
      const width = 1 / Math.sqrt(n + 1 / (rho * rho))
      const peak = score * width * width
      const exponent = (lambda: number) =>
        lambda * score - (lambda * lambda * n) / 2 - (lambda * lambda) / (2 * rho * rho)
      const steps = 4_000
      const step = (24 * width) / steps
      let sum = 0
      // The trapezium rule on a Gaussian shape, twelve deviations to each side: exact to the last digits.
      for (let i = 0; i <= steps; i += 1) sum += Math.exp(exponent(peak - 12 * width + i * step) - exponent(peak))
      return exponent(peak) + Math.log((sum * step) / (rho * Math.sqrt(2 * Math.PI)))
    }
    let [low, high] = [0, 100 * Math.sqrt(n) + 100 / rho]
    for (let round = 0; round < 200; round += 1) {
      const middle = (low + high) / 2
      if (logMixture(middle) < Math.log(1 / alpha)) low = middle
      else high = middle
    }
    return (low + high) / 2
  }

  it.each([
    [400, 0.05, 5_000, 0.1056],
    [1_234, 0.05, 5_000, 0.7],
    [32_000, 0.05, 5_000, 0.1],
    [1_000_000, 0.01, 20_000, 4],
    [2, 0.2, 1, 1e-6],
  ])(
    'with %d decisions, alpha %f, tuned for %d agrees with the mixture it comes from to 1e-9',
    (n, alpha, tunedFor, variance) => {
      const rho = mixtureRho(alpha, tunedFor)
      const reference = (Math.sqrt(variance) * boundaryByIntegration(n, alpha, rho)) / n
      expect(Math.abs(halfWidth({ n, variance, alpha, tunedFor }) / reference - 1)).toBeLessThan(1e-9)
    },
  )

  it('is tightest where it was tuned', () => {
    const standardErrors = (n: number, tunedFor: number) => halfWidth({ n, variance: n, alpha: 0.05, tunedFor })
    for (const tunedFor of [2_500, 10_000])
      expect(standardErrors(5_000, 5_000)).toBeLessThan(standardErrors(5_000, tunedFor))
  })
})

describe('the normal distribution', () => {
  it.each([
    // Abramowitz and Stegun, tables 7.1 and 7.3, and their continuations.
    [0.5, 0.4795001221869535],
    [1, 0.15729920705028513],
    [2, 0.004677734981047266],
    [3, 2.2090496998585441e-5],
    [5, 1.5374597944280349e-12],
    [-1, 1.842700792949715],
  ])('erfc(%d) is %d', (x, value) => {
    expect(Math.abs(erfc(x) / value - 1)).toBeLessThan(1e-13)
  })
  it('agrees with jstat between them', () => {
    for (const x of [-3, -1.2, 0, 0.1, 0.7, 1.9, 1.999, 2.001, 2.7, 4]) {
      // jstat takes 1 − erf: its tails have no relative precision.
      expect(Math.abs(erfc(x) - jstat.erfc(x))).toBeLessThan(1e-14)
    }
  })
  it.each([0.5, 0.3, 0.025, 1e-6, 1e-14, 1e-200])('has a quantile that undoes its tail at %d', (tail) => {
    expect(Math.abs(normalTail(normalQuantile(tail)) / tail - 1)).toBeLessThan(1e-12)
  })
})

const boundaries = (spending: Spending, fractions: readonly number[], alpha = 0.05): number[] => {
  const past: { clock: number; boundary: number }[] = []
  let spent = 0
  for (const fraction of fractions) {
    const spend = spentBy(spending, alpha, fraction) - spent
    spent += spend
    // The clock's unit is of no consequence.
    past.push({ clock: fraction * 37, boundary: nextBoundary(past, fraction * 37, spend) })
  }
  return past.map(({ boundary }) => boundary)
}

describe('the group-sequential boundaries', () => {
  const fifths = [0.2, 0.4, 0.6, 0.8, 1]
  it.each([
    // Reboussin, DeMets, Kim and Lan (2000), programs for Lan–DeMets boundaries: two-sided .05, five equal looks.
    ['obrien_fleming', [4.8769, 3.3569, 2.6803, 2.2898, 2.031]],
    ['pocock', [2.438, 2.4268, 2.4101, 2.3966, 2.3859]],
  ] as const)('%s agrees with the published ones', (spending, published) => {
    boundaries(spending, fifths).forEach((boundary, index) => {
      expect(Math.abs(boundary - (published[index] ?? 0))).toBeLessThan(2e-4)
    })
  })

  it.each([['obrien_fleming', fifths] as const, ['pocock', [0.1, 0.13, 0.5, 0.95, 1]] as const])(
    '%s: the chance of crossing, integrated over a fine grid, is what was spent',
    (spending, fractions) => {
      const bounds = boundaries(spending, fractions)
      const crossing = crossingByGrid(fractions, bounds)
      fractions.forEach((fraction, index) => {
        const before = fractions[index - 1]
        const spend = spentBy(spending, 0.05, fraction) - (before === undefined ? 0 : spentBy(spending, 0.05, before))
        expect(Math.abs((crossing[index] ?? 0) - spend)).toBeLessThan(2e-6)
      })
    },
  )

  it('one look at the end is the test with a fixed horizon', () => {
    expect(boundaries('obrien_fleming', [1])[0]).toBeCloseTo(1.959963984540054, 12)
  })

  it('does not depend on what was asked before', () => {
    const alone = boundaries('pocock', [0.3, 0.7, 1])
    boundaries('obrien_fleming', [0.3, 0.7, 0.8])
    expect(boundaries('pocock', [0.3, 0.7, 1])).toEqual(alone)
  })
})

/**
 * Probability of first leaving ±boundary at each look, by the midpoint rule on 1,500 points: slow, and nothing in
 * common.
 */
function crossingByGrid(fractions: readonly number[], bounds: readonly number[]): number[] {
  const points = 1_500
  let mass: { at: number; weight: number }[] = [{ at: 0, weight: 1 }]
  let clock = 0
  return fractions.map((fraction, index) => {
    const spread = Math.sqrt(fraction - clock)
    const edge = (bounds[index] ?? 0) * Math.sqrt(fraction)
    const step = (2 * edge) / points
    const total = mass.reduce((sum, { weight }) => sum + weight, 0)
    const kernel = (z: number) => Math.exp(-0.5 * z * z) / (spread * Math.sqrt(2 * Math.PI))
    mass = Array.from({ length: points }, (_, point) => {
      const at = -edge + (point + 0.5) * step
      let density = 0
      for (const { at: from, weight } of mass) {
        const z = (at - from) / spread
        if (Math.abs(z) < 8) density += weight * kernel(z)
      }
      return { at, weight: density * step }
    })
    clock = fraction
    return total - mass.reduce((sum, { weight }) => sum + weight, 0)
  })
}
