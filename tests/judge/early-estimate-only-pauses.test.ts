import { describe, expect, it } from 'vitest'
import type { Cohort, Evidence, PastLook } from '../../contracts/types.js'
import { judge } from '../../judge/index.js'
import { toyPolicy } from '../toy-project/policy.js'
import { costly, DEADLINE, evidence, onDays, pair } from './support.js'

const policy = {
  ...toyPolicy,
  judge: { ...toyPolicy.judge, earlyEstimate: { pauseAbove: 0.05, minDecisions: 1_000 } },
}
/** Open days: every decision has an expected loss; labels that came early say the opposite, and do not count. */
const open = (share: number): Partial<Cohort> => {
  const { lossSum = 0, lossSumSquares = 0 } = costly(1_000, share)
  return {
    mature: false,
    labelled: 500,
    lossSum: 500 - lossSum / 2,
    lossSumSquares: 500 - lossSum / 2,
    estimated: 1_000,
    expectedLossSum: lossSum,
    expectedLossSumSquares: lossSumSquares,
  }
}
const look = (over: Partial<PastLook> = {}): PastLook => ({
  asOf: '2001-01-24T00:00:00.000Z',
  action: 'continue',
  reason: 'no_mature_labels',
  sequential: null,
  ...over,
})
const ask = (given: Evidence, under: typeof toyPolicy = policy) => judge(under, given, DEADLINE)

describe('an early estimate', () => {
  it('of harm pauses', () => {
    const judged = ask(evidence(onDays(open(0.6), open(0.3))))
    expect(judged).toMatchObject({ action: 'pause', reason: 'estimated_harm' })
    expect(judged.numbers).toMatchObject({
      effect: null,
      interval: null,
      estimate: { effect: expect.closeTo(0.3, 12) as number },
    })
  })

  it('however good never promotes, however bad never rolls back', () => {
    for (const share of [0, 0.1, 0.3, 0.5, 0.9, 1]) {
      const { action } = ask(evidence(onDays(open(share), open(0.3))))
      expect(['pause', 'continue']).toContain(action)
    }
    expect(ask(evidence(onDays(open(0), open(0.3)))).action).toBe('continue')
  })

  it('pauses once: an operator who resumed has seen it', () => {
    const bad = onDays(open(0.6), open(0.3))
    const paused = look({ action: 'pause', reason: 'estimated_harm' })
    expect(ask(evidence(bad, { looks: [paused] }))).toMatchObject({ action: 'continue', reason: 'no_mature_labels' })
    expect(ask(evidence(bad, { looks: [look()] })).action).toBe('pause')
  })

  it('comes before a promotion, and after measured harm', () => {
    const fresh = pair('2001-01-24', open(0.6), open(0.3)).concat(pair('2001-01-25', open(0.6), open(0.3)))
    const good = onDays(costly(5_000, 0.2), costly(5_000, 0.3))
    expect(ask(evidence(good)).action).toBe('promote')
    expect(ask(evidence([...good, ...fresh]))).toMatchObject({ action: 'pause', reason: 'estimated_harm' })
    const bad = onDays(costly(5_000, 0.5), costly(5_000, 0.3))
    expect(ask(evidence([...bad, ...fresh]))).toMatchObject({ action: 'rollback', reason: 'harm' })
  })

  it('is only shown, if the policy does not let it pause or it has too few decisions', () => {
    const bad = evidence(onDays(open(0.6), open(0.3)))
    expect(ask(bad, toyPolicy)).toMatchObject({
      action: 'continue',
      numbers: { estimate: { effect: expect.any(Number) as number } },
    })
    const asked = { ...policy.judge, earlyEstimate: { pauseAbove: 0.05, minDecisions: 3_001 } }
    expect(ask(bad, { ...policy, judge: asked }).action).toBe('continue')
  })

  it('shows its calibration on days with mature labels', () => {
    const known = { estimated: 1_000, expectedLossSum: 150, expectedLossSumSquares: 100 }
    const judged = ask(evidence([...onDays(known, known), ...pair('2001-01-24', open(0.3), open(0.3))]))
    expect(judged.numbers.estimate?.calibration).toEqual({ challenger: 0.5, reference: 0.5 })
  })
})
