/**
 * The rows of `npm run bench:judge` about judged shadows, at a size for every test run, with a tolerance for its noise.
 */
import { describe, expect, it } from 'vitest'
import { expectations2 } from '../../../bench/judge/v2/expectations.js'
import { pairedClaims } from '../../../bench/judge/v2/paired/false-claims.js'
import { savings } from '../../../bench/judge/v2/paired/savings.js'

const SIZE = { runs: 40, seed: 17 }
/** One honest result in a thousand lies beyond, for each of the expectations. */
const STANDARD_ERRORS = 3.1

describe('a judged shadow', () => {
  const none = { falseClaims: [], power: [], sampleRatio: [], segments: [] }
  const results = { ...none, pairedClaims: pairedClaims({ ...SIZE, runs: 80 }), savings: savings(SIZE) }

  it.each(expectations2(results, STANDARD_ERRORS).map(({ what, holds }) => [what, holds] as const))(
    '%s',
    (_what, holds) => {
      expect(holds).toBe(true)
    },
  )

  it('would not pass with a share of false conclusions that a test at each look has', () => {
    const worse = results.pairedClaims.map((one) => ({ ...one, counted: one.limit + 0.2 }))
    const slower = results.savings.map((one) => (one.begins === 'shadow' ? { ...one, days: 0 } : one))
    const failing = expectations2({ ...none, pairedClaims: worse, savings: slower }, STANDARD_ERRORS).filter(
      ({ holds }) => !holds,
    )
    expect(failing).toHaveLength(worse.length + 4)
  })
})
