/** The hazards that the judge avoids, each with evidence on which a simpler rule would act. */
import { describe, expect, it } from 'vitest'
import type { Cohort } from '../../contracts/types.js'
import { judge } from '../../judge/index.js'
import { stratifiedEffect } from '../../judge/stratified-effect.js'
import { toyPolicy } from '../toy-project/policy.js'
import { costly, DAYS, DEADLINE, evidence, onDays, pair } from './support.js'

/** Labels of what went wrong come later: of an open day only good ones are there. */
const open = (over: Partial<Cohort>): Partial<Cohort> => ({ mature: false, ...over })

describe('immature labels look better than mature ones', () => {
  const early = onDays(
    open({ labelled: 700, lossSum: 0, lossSumSquares: 0 }),
    open({ labelled: 800, lossSum: 100, lossSumSquares: 100 }),
  )

  it('and do not count', () => {
    expect(judge(toyPolicy, evidence(early), DEADLINE)).toMatchObject({
      action: 'continue',
      reason: 'no_mature_labels',
      numbers: { effect: null, interval: null, mature: { challenger: 0, reference: 0 } },
    })
  })

  it('and do not change the effect of mature days', () => {
    const mature = pair('2001-01-20', costly(5_000, 0.5), costly(5_000, 0.3))
    const alone = judge(toyPolicy, evidence(mature), DEADLINE)
    const together = judge(toyPolicy, evidence([...mature, ...early]), DEADLINE)
    expect(together).toMatchObject({ action: 'rollback', numbers: { effect: alone.numbers.effect } })
    expect(together.numbers.pending).toEqual({ challenger: 3_000, reference: 3_000 })
  })
})

describe('the ramp biases the arms', () => {
  it('a canary that grew while days got worse is not worse', () => {
    // 8, 14, 20 % of both arms go wrong; the canary has 1, 10, 50 % of the traffic.
    const ramp = DAYS.flatMap((day, index) => {
      const [share, weight] = [[0.08, 0.14, 0.2][index] ?? 0, [100, 1_000, 5_000][index] ?? 0]
      const arm = (shareOfTraffic: number) =>
        costly(20_000 * shareOfTraffic, share, { expectedShare: 10_000 * shareOfTraffic })
      return pair(day, arm(weight / 10_000), arm(1 - weight / 10_000))
    })
    const mean = (arm: string) => {
      const own = ramp.filter((cohort) => cohort.arm === arm)
      return own.reduce((sum, c) => sum + c.lossSum, 0) / own.reduce((sum, c) => sum + c.labelled, 0)
    }
    // Pooled it looks nearly half as bad again.
    expect(mean('canary') / mean('production')).toBeGreaterThan(1.4)
    expect(stratifiedEffect(ramp, 'canary', 'production')?.effect).toBeCloseTo(0, 4)
    expect(judge(toyPolicy, evidence(ramp), DEADLINE)).toMatchObject({ action: 'promote', reason: 'non_inferior' })
  })
})

describe('coverage differs by arm', () => {
  it('the canary’s missing labels may be its bad ones', () => {
    const lost = onDays({ ...costly(20_000, 0.25), exposed: 21_500 }, costly(21_500, 0.3))
    expect(judge(toyPolicy, evidence(lost), DEADLINE)).toMatchObject({
      action: 'continue',
      reason: 'coverage_differs',
      numbers: { conclusions: ['superior', 'non_inferior'] },
    })
  })
})

describe('a cohort’s labels are corrected after a look', () => {
  it('the next look uses the corrected ones; the recorded look does not change', () => {
    const before = evidence(onDays(costly(5_000, 0.2), costly(5_000, 0.3)))
    const said = judge(toyPolicy, before, DEADLINE)
    expect(said.action).toBe('promote')
    const after = evidence(onDays(costly(5_000, 0.4), costly(5_000, 0.3)), { asOf: '2001-01-26T00:00:00.000Z' })
    expect(judge(toyPolicy, after, DEADLINE)).toMatchObject({ action: 'rollback', reason: 'harm' })
    expect(judge(toyPolicy, before, DEADLINE)).toEqual(said)
  })
})
