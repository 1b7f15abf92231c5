/** When a canary widens, when its exposure closes, and what a judgement means at a step. */
import { describe, expect, it } from 'vitest'
import { exposureEnds } from '../../contracts/exposure.js'
import type { Judgement, PromotionPolicy } from '../../contracts/types.js'
import { afterLook, judge } from '../../judge/index.js'
import { toyPolicy } from '../toy-project/policy.js'
import { costly, DEADLINE, evidence, onDays, pair } from './support.js'

const OPENED = Date.parse('2001-01-20T09:00:00Z')
const FIRST_DAY = Date.parse('2001-01-21T00:00:00Z')
const DAY_MS = 86_400_000

const good = judge(toyPolicy, evidence(onDays(costly(5_000, 0.2), costly(5_000, 0.3))), DEADLINE)
const waiting = judge(toyPolicy, evidence(pair('2001-01-21', costly(150, 0.3), costly(150, 0.3))), DEADLINE)

const outcome = (
  judged: Judgement,
  over: Partial<Parameters<typeof afterLook>[1]> = {},
  policy: PromotionPolicy = toyPolicy,
) =>
  afterLook(judged, {
    policy,
    phase: 'canary',
    opened: OPENED,
    asOf: FIRST_DAY + 2 * DAY_MS,
    deadline: FIRST_DAY + 14 * DAY_MS,
    step: 0,
    stepBegan: OPENED,
    paused: false,
    asked: 'no',
    ...over,
  })

const asking = (minMature: number): PromotionPolicy => ({
  ...toyPolicy,
  steps: [
    { weight: 1_000, atLeast: '1d', minMature },
    { weight: 5_000, atLeast: '2d' },
  ],
})

describe('wider exposure', () => {
  it('waits for the time of its step', () => {
    expect(outcome(waiting, { asOf: OPENED + DAY_MS - 1 })).toBeUndefined()
    expect(outcome(waiting, { asOf: OPENED + DAY_MS })).toBe('step_over')
  })

  it('pauses until enough outcomes have matured', () => {
    expect(outcome(waiting, {}, asking(151))).toBeUndefined()
    expect(outcome(waiting, {}, asking(150))).toBe('step_over')
  })

  it('promotion waits for the last step, however good the labels are', () => {
    expect(good.action).toBe('promote')
    expect(outcome(good)).toBe('step_over')
    expect(outcome(good, { step: 1, stepBegan: FIRST_DAY })).toBe('promote')
    expect(outcome(good, { step: 1, stepBegan: FIRST_DAY + DAY_MS })).toBeUndefined()
  })
})

describe('exposure that closes before the decision', () => {
  const closing: PromotionPolicy = { ...asking(1_000_000), exposureLasts: '3d' }

  it('ends with a whole day, or never', () => {
    expect(exposureEnds(closing, OPENED)).toBe(FIRST_DAY + 3 * DAY_MS)
    expect(exposureEnds({ ...closing, exposureLasts: '12h' }, OPENED)).toBe(FIRST_DAY + DAY_MS)
    expect(exposureEnds(toyPolicy, OPENED)).toBe(Number.POSITIVE_INFINITY)
  })

  it('it does not widen afterwards, and the labels still decide', () => {
    const closed = FIRST_DAY + 3 * DAY_MS
    expect(outcome(waiting, { asOf: closed }, closing)).toBeUndefined()
    expect(outcome(good, { asOf: closed - DAY_MS }, closing)).toBeUndefined()
    expect(outcome(good, { asOf: closed }, closing)).toBe('promote')
  })
})

describe('while paused', () => {
  it('only harm has an effect', () => {
    const harm = { ...good, action: 'rollback' } as const
    expect(outcome(good, { paused: true, step: 1 })).toBeUndefined()
    expect(outcome({ ...good, action: 'hold' }, { paused: true })).toBeUndefined()
    expect(outcome(harm, { paused: true })).toBe('rollback')
    expect(outcome(harm, { asked: 'waiting' })).toBe('rollback')
  })
})
