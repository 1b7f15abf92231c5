import { describe, expect, it } from 'vitest'
import { binomial, createRandom } from '../../../judge/simulation/random.js'
import { sampleRatioP } from '../../../judge/v2/sample-ratio.js'
import { cohort } from '../support.js'

const ARMS = { challenger: 'canary', reference: 'production' } as const
const day = (index: number) => new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 10)
/** Entities of one day: new ones, and those that returned. */
const pair = (index: number, share: number, one: number, zero: number, returned = 0) => [
  cohort({
    day: day(index),
    exposed: one + returned,
    entities: one + returned,
    newEntities: one,
    expectedShare: share,
  }),
  cohort({
    day: day(index),
    arm: 'production',
    exposed: zero,
    entities: zero,
    newEntities: zero,
    expectedShare: 10_000 - share,
  }),
]

describe('the sample-ratio check', () => {
  it('is an e-value: under the split its expectation is 1, counted over all outcomes of two days', () => {
    const [first, second] = [
      { n: 12, share: 1_000 },
      { n: 9, share: 5_000 },
    ]
    const chance = (n: number, k: number, p: number) => {
      let ways = 1
      for (let i = 0; i < k; i += 1) ways = (ways * (n - i)) / (i + 1)
      return ways * p ** k * (1 - p) ** (n - k)
    }
    let [expectation, rejected] = [0, 0]
    for (let one = 0; one <= first.n; one += 1) {
      for (let two = 0; two <= second.n; two += 1) {
        const probability = chance(first.n, one, 0.1) * chance(second.n, two, 0.5)
        const start = pair(0, first.share, one, first.n - one)
        const both = [...start, ...pair(1, second.share, two, second.n - two)]
        const [early, late] = [sampleRatioP(start, ARMS) ?? 1, sampleRatioP(both, ARMS) ?? 1]
        expect(late).toBeLessThanOrEqual(early)
        // Where the first day did not show more than both days, p is the inverse of the e-value of both.
        if (early > late) expectation += probability / late
        if (late <= 0.05) rejected += probability
      }
    }
    expect(expectation).toBeLessThanOrEqual(1)
    expect(rejected).toBeLessThanOrEqual(0.05)
  })

  it('rejects a right split at its level over 60 looks together, with a ramp', () => {
    let rejected = 0
    for (let run = 0; run < 400; run += 1) {
      const random = createRandom(3, run)
      const cohorts = Array.from({ length: 60 }, (_, index) => {
        const share = [100, 500, 1_000, 2_500, 5_000][Math.min(4, Math.floor(index / 3))] ?? 0
        const one = binomial(random, 400, share / 10_000)
        return pair(index, share, one, 400 - one)
      }).flat()
      if ((sampleRatioP(cohorts, ARMS) ?? 1) < 0.05) rejected += 1
    }
    expect(rejected / 400).toBeLessThanOrEqual(0.05)
  })

  it('counts an entity on its first day only, so that returning entities are not new evidence', () => {
    const once = pair(0, 5_000, 520, 480)
    const returned = Array.from({ length: 30 }, (_, index) => [
      cohort({ day: day(index + 1), exposed: 520, entities: 520, newEntities: 0 }),
      cohort({ day: day(index + 1), arm: 'production', exposed: 480, entities: 480, newEntities: 0 }),
    ]).flat()
    expect(sampleRatioP([...once, ...returned], ARMS)).toBe(sampleRatioP(once, ARMS))
    expect(sampleRatioP(once, ARMS)).toBeGreaterThan(0.1)
  })

  it('finds a split that is wrong, and one that was impossible', () => {
    const wrong = Array.from({ length: 10 }, (_, index) => pair(index, 1_000, 130, 870)).flat()
    expect(sampleRatioP(wrong, ARMS)).toBeLessThan(1e-6)
    expect(sampleRatioP(pair(0, 0, 1, 99), ARMS)).toBe(0)
    expect(sampleRatioP([], ARMS)).toBeNull()
  })

  it('takes the share from the arm that is there', () => {
    const [, onlyProduction] = pair(0, 5_000, 0, 200)
    expect(sampleRatioP(onlyProduction ? [onlyProduction] : [], ARMS)).toBeLessThan(1e-6)
  })
})
