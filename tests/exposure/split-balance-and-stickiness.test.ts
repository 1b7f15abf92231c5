import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { armOf, bucketOf, hashEntity } from '../../exposure/split.js'

const KEYS = 200_000
const keys = Array.from({ length: KEYS }, (_, index) => `parcel-${index}`)
const hashed = new Map<string, number[]>()
function bucketsOf(salt: string): number[] {
  const buckets = hashed.get(salt) ?? keys.map((key) => bucketOf(salt, key))
  hashed.set(salt, buckets)
  return buckets
}
const inCanary = (salt: string, weight: number) =>
  keys.filter((_, index) => armOf(bucketsOf(salt)[index] ?? Number.NaN, { phase: 'canary', weight }) === 'canary')

describe('the split', () => {
  it.each([1, 100, 500, 2_500, 5_000])('gives %i of 10,000 within the 99.9 % range of 200,000 keys', (weight) => {
    const share = weight / 10_000
    // ±3.29 standard deviations of a binomial; at one basis point the normal range would reach below zero and 20 ± 15
    // is its size.
    const range = 3.29 * Math.sqrt(KEYS * share * (1 - share))
    for (const salt of ['release/eta/a', 'release/eta/b'])
      expect(Math.abs(inCanary(salt, weight).length - KEYS * share)).toBeLessThan(range)
  })

  it('exact to a basis point: each of the 10,000 buckets has its keys, and neighbours differ by one bucket', () => {
    const counts = Array.from({ length: 10_000 }, () => 0)
    for (const bucket of bucketsOf('release/eta/a')) counts[bucket] = (counts[bucket] ?? 0) + 1
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(KEYS)
    // Poisson with mean 20: beyond 60 is impossible in practice, and an empty bucket has probability 2e-9.
    expect(Math.min(...counts)).toBeGreaterThan(0)
    expect(Math.max(...counts)).toBeLessThan(60)
    const chiSquared = counts.reduce((sum, count) => sum + (count - 20) ** 2 / 20, 0)
    expect(Math.abs(chiSquared - 9_999)).toBeLessThan(3.29 * Math.sqrt(2 * 9_999))
  })

  it('a canary widened from 1 to 50 % keeps its keys, and narrowed it returns the others', () => {
    const one = inCanary('release/eta/a', 100)
    const fifty = new Set(inCanary('release/eta/a', 5_000))
    expect(one.length).toBeGreaterThan(1_800)
    expect(one.filter((key) => !fifty.has(key))).toEqual([])
    expect(inCanary('release/eta/a', 100)).toEqual(one)
  })

  it('over widening, promotion and holdback no entity switches more than once', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }),
        fc.uniqueArray(fc.integer({ min: 1, max: 9_000 }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 1_000 }),
        (key, weights, holdback) => {
          const bucket = bucketOf('salt', key)
          const steps = weights
            .sort((a, b) => a - b)
            .map((weight) => armOf(bucket, { phase: 'canary', weight }) === 'canary')
          const after = armOf(bucket, { phase: 'probation', weight: holdback }) === 'production'
          const candidate = [false, ...steps, after]
          const switches = candidate.filter((now, index) => index > 0 && now !== candidate[index - 1]).length
          expect(switches).toBeLessThanOrEqual(1)
        },
      ),
    )
  })

  it('differs for the next release, so that the same entities do not get every candidate', () => {
    const others = new Set(inCanary('release/eta/b', 1_000))
    const both = inCanary('release/eta/a', 1_000).filter((key) => others.has(key))
    // Independent: a tenth of a tenth.
    expect(Math.abs(both.length - KEYS / 100)).toBeLessThan(3.29 * Math.sqrt(KEYS / 100))
    expect(hashEntity('a', 'parcel-1')).not.toBe(hashEntity('b', 'parcel-1'))
  })

  it('does not change: other languages and existing logs rely on it', () => {
    expect([bucketOf('release/eta/a', 'parcel-1'), bucketOf('', ''), bucketOf('a', 'ü')]).toMatchInlineSnapshot(`
      [
        7330,
        4604,
        809,
      ]
    `)
  })
})
