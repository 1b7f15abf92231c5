/**
 * The rows of `npm run bench:judge` that judge 1 fails, at a size for every test run, with a tolerance for its noise.
 */
import { describe, expect, it } from 'vitest'
import { RAMPED } from '../../../bench/judge/stream.js'
import { expectations2 } from '../../../bench/judge/v2/expectations.js'
import { claimsOf } from '../../../bench/judge/v2/false-claims.js'
import { sampleRatio } from '../../../bench/judge/v2/sample-ratio.js'
import { ratesOf, SEGMENT_ROWS } from '../../../bench/judge/v2/segments.js'
import { ROWS } from '../../../bench/judge/v2/worlds.js'

const SIZE = { runs: 60, seed: 17 }
/** One honest result in a thousand lies beyond, for each of the expectations. */
const STANDARD_ERRORS = 3.1
const SEGMENTED = /^binary, 12 %|^log-normal/
const HARD = /rare: 0.3|σ = 2|30 decisions an entity|coverage 95|differ by day/

describe('judge 2 in streams that judge 1 does not hold', () => {
  const falseClaims = ROWS.filter(({ name }) => HARD.test(name)).flatMap((row) => claimsOf(row, RAMPED, SIZE))
  const segments = SEGMENT_ROWS.filter(({ name }) => SEGMENTED.test(name)).flatMap((row) =>
    ratesOf(row, RAMPED, { runs: 30, seed: 17 }),
  )
  const none = { power: [], pairedClaims: [], savings: [] }
  const results = { ...none, falseClaims, sampleRatio: sampleRatio({ runs: 40, seed: 17 }), segments }

  it.each(expectations2(results, STANDARD_ERRORS).map(({ what, holds }) => [what, holds] as const))(
    '%s',
    (_what, holds) => {
      expect(holds).toBe(true)
    },
  )

  it('would not pass with the share of false claims that judge 1 has', () => {
    const worse = falseClaims.map((one) => ({ ...one, counted: one.limit + 0.15 }))
    const noisy = segments.map((one) => ({ ...one, falseAlarms: 0.5, found: 0.5 }))
    expect(
      expectations2({ ...results, falseClaims: worse, segments: noisy }, STANDARD_ERRORS).filter(({ holds }) => holds),
    ).toHaveLength(2)
  })
})
