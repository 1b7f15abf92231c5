/** The simulation of `npm run bench:judge` at a size for every test run, with a tolerance for its own noise. */
import { describe, expect, it } from 'vitest'
import { better } from '../../bench/judge/better.js'
import { entities } from '../../bench/judge/entities.js'
import { expectations } from '../../bench/judge/expectations.js'
import { falseAlarms, JUDGE } from '../../bench/judge/false-alarms.js'
import { harm } from '../../bench/judge/harm.js'

const SIZE = { runs: 200, seed: 41 }
/** One honest result in a thousand lies beyond, for each of the expectations. */
const STANDARD_ERRORS = 3.1

describe('the judge’s error rates', () => {
  const results = {
    falseAlarms: falseAlarms(SIZE),
    harm: harm(SIZE),
    better: better(SIZE),
    entities: entities({ ...SIZE, runs: 80 }),
  }
  it.each(expectations(results, STANDARD_ERRORS).map(({ what, holds }) => [what, holds] as const))(
    '%s',
    (_what, holds) => {
      expect(holds).toBe(true)
    },
  )

  it('fail for a judge that alarms as often as the naive rules', () => {
    const [first, ...rest] = results.falseAlarms
    if (!first) throw new Error('no results')
    const worse = { ...first, alarms: { ...first.alarms, [JUDGE.plan]: 0.13 } }
    const failing = expectations({ ...results, falseAlarms: [worse, ...rest] }, STANDARD_ERRORS).filter(
      ({ holds }) => !holds,
    )
    expect(failing.map(({ what }) => what)).toEqual([expect.stringContaining(JUDGE.plan)])
  })
})
