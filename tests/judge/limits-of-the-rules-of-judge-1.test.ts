/**
 * Both sides of each limit of judge 1 and of what surrounds it: gates, looks, steps, conditions and refused evidence.
 */
import { describe, expect, it } from 'vitest'
import { REQUIRED_GATES } from '../../contracts/names.js'
import type { Evidence, Judgement, PromotionPolicy } from '../../contracts/types.js'
import { afterLook } from '../../judge/after-look.js'
import { promotionBoundary } from '../../judge/boundary.js'
import { checkEvidence, checkNumbers } from '../../judge/check-evidence.js'
import { unmetByMeasurement, unmetByPromotion } from '../../judge/conditions.js'
import { calibration, estimatePauses } from '../../judge/early-estimate.js'
import { judge1 } from '../../judge/judge-1.js'
import { looksBetween, nextLook } from '../../judge/look-grid.js'
import { measure } from '../../judge/measure.js'
import { pastLook } from '../../judge/past-look.js'
import { createProgress } from '../../judge/progress.js'
import { replay } from '../../judge/replay.js'
import { sampleRatioP } from '../../judge/sample-ratio.js'
import { settingsOf } from '../../judge/settings.js'
import { stratifiedEffect } from '../../judge/stratified-effect.js'
import { toyPolicy } from '../toy-project/policy.js'
import { cohort, costly, DEADLINE, evidence, onDays, pair } from './support.js'

const DAY_MS = 86_400_000
const OPENED = Date.parse('2001-01-20T09:00:00Z')
const FIRST_DAY = Date.parse('2001-01-21T00:00:00Z')

const good = evidence(onDays(costly(5_000, 0.2), costly(5_000, 0.3)))
const harmful = evidence(onDays(costly(5_000, 0.5), costly(5_000, 0.3)))
const open = evidence(onDays(costly(300, 0.3), costly(300, 0.3)))
const settings = settingsOf(toyPolicy.judge, false)
const numbers = measure(settings, good)
const judgeOf = (what: Evidence, deadline = DEADLINE) => judge1(toyPolicy, what, deadline)

describe('the promotion boundary', () => {
  const aliases = { production: 'v1', canary: null }
  const passed = Object.fromEntries(REQUIRED_GATES.map((gate) => [gate, true]))
  const of = (gates: Record<string, unknown>) => promotionBoundary({ aliases, candidate: 'v2', gates })

  it('opens a canary when every gate is literally true, and leaves production as it is', () => {
    expect(of(passed)).toEqual({ decision: 'canary_open', aliases: { production: 'v1', canary: 'v2' } })
    expect(of({ ...passed, more: true }).decision).toBe('canary_open')
  })

  it.each([[false], [null], [undefined], ['true'], [1], [{}]])('a gate of value %j has failed', (value) => {
    expect(of({ ...passed, no_leakage: value })).toEqual({ decision: 'hold:no_leakage', aliases })
    expect(of({ ...passed, more: value }).decision).toBe('hold:more')
  })

  it('names all that failed, sorted; an inherited value is not one', () => {
    expect(of({}).decision).toBe(`hold:${[...REQUIRED_GATES].sort().join(',')}`)
    expect(of(Object.create(passed) as Record<string, unknown>).decision).toBe(
      `hold:${[...REQUIRED_GATES].sort().join(',')}`,
    )
    expect(of({ ...passed, zeta: false, alpha: false }).decision).toBe('hold:alpha,zeta')
  })
})

describe('the instants of looks', () => {
  const grid = { opened: OPENED, every: DAY_MS }
  it('are after the first whole day, each once, and up to the end', () => {
    const between = (after: number, until: number) =>
      looksBetween({ ...grid, after, until }).map((at) => (at - FIRST_DAY) / DAY_MS)
    expect(between(OPENED, FIRST_DAY + 3 * DAY_MS)).toEqual([1, 2, 3])
    expect(between(OPENED, FIRST_DAY + 3 * DAY_MS - 1)).toEqual([1, 2])
    expect(between(FIRST_DAY + DAY_MS, FIRST_DAY + 3 * DAY_MS)).toEqual([2, 3])
    expect(between(FIRST_DAY + DAY_MS - 1, FIRST_DAY + DAY_MS)).toEqual([1])
    expect(between(OPENED, FIRST_DAY)).toEqual([])
    expect(between(OPENED - 9 * DAY_MS, FIRST_DAY + DAY_MS)).toEqual([1])
  })

  it('are 10,000 at once at most, also of a clock that numbers cannot hold', () => {
    for (const until of [1e16, 1e305]) expect(looksBetween({ ...grid, after: OPENED, until })).toHaveLength(10_000)
    expect(looksBetween({ ...grid, after: OPENED, until: FIRST_DAY + 10_001 * DAY_MS }).at(-1)).toBe(
      FIRST_DAY + 10_000 * DAY_MS,
    )
  })

  it('the next one is after an instant, and never before the first', () => {
    const next = (after: number) => (nextLook({ ...grid, after }) - FIRST_DAY) / DAY_MS
    expect([OPENED - 9 * DAY_MS, OPENED, FIRST_DAY, FIRST_DAY + DAY_MS - 1].map(next)).toEqual([1, 1, 1, 1])
    expect([FIRST_DAY + DAY_MS, FIRST_DAY + 2.5 * DAY_MS].map(next)).toEqual([2, 3])
  })
})

describe('what a judgement means', () => {
  const judged = (action: Judgement['action'], mature = 5_000): Judgement => ({
    schema: 'slipway.judgement/1',
    action,
    reason: 'x',
    unmet: [],
    numbers: { ...numbers, mature: { challenger: mature, reference: mature } },
  })
  const asOf = FIRST_DAY + 2 * DAY_MS
  const meaning = (
    action: Judgement['action'],
    over: Partial<Parameters<typeof afterLook>[1]> = {},
    policy: PromotionPolicy = toyPolicy,
    mature = 5_000,
  ) =>
    afterLook(judged(action, mature), {
      policy,
      phase: 'canary',
      asOf,
      opened: OPENED,
      deadline: asOf + 1,
      step: 1,
      stepBegan: asOf - 2 * DAY_MS,
      paused: false,
      asked: 'no',
      ...over,
    })

  it.each<[Judgement['action'], Partial<Parameters<typeof afterLook>[1]>, ReturnType<typeof afterLook>]>([
    ['rollback', { paused: true }, 'rollback'],
    ['rollback', { phase: 'probation' }, 'rollback'],
    ['promote', { phase: 'probation' }, undefined],
    ['hold', { phase: 'probation', deadline: asOf + 1 }, undefined],
    ['continue', { phase: 'probation', deadline: asOf }, 'hold'],
    ['pause', {}, 'pause'],
    ['pause', { asked: 'now' }, 'pause'],
    ['pause', { phase: 'probation' }, undefined],
    ['promote', { asked: 'waiting' }, undefined],
    ['hold', { asked: 'waiting' }, undefined],
    ['promote', { asked: 'now', paused: true }, 'promote'],
    ['continue', { asked: 'now' }, 'undecided'],
    ['hold', { asked: 'now' }, 'undecided'],
    ['promote', { paused: true }, undefined],
    ['promote', { paused: true, deadline: asOf }, 'hold'],
    ['promote', { awaitsApproval: true }, undefined],
    ['promote', { awaitsApproval: true, deadline: asOf }, 'hold'],
    ['hold', {}, 'hold'],
    ['continue', {}, undefined],
    ['promote', {}, 'promote'],
    ['promote', { stepBegan: asOf - 2 * DAY_MS + 1 }, undefined],
    ['promote', { step: 0, stepBegan: asOf - DAY_MS }, 'step_over'],
    ['continue', { step: 0, stepBegan: asOf - DAY_MS }, 'step_over'],
    ['promote', { step: 0, stepBegan: asOf - DAY_MS + 1 }, undefined],
    ['promote', { step: 9, stepBegan: asOf }, 'promote'],
  ])('%s with %j is %s', (action, over, outcome) => {
    expect(meaning(action, over)).toBe(outcome)
  })

  it('a step waits for its mature labels, and a closed exposure for no step', () => {
    const steps = [
      { weight: 1_000, atLeast: '1d', minMature: 200 },
      { weight: 5_000, atLeast: '2d' },
    ]
    const waiting = { step: 0, stepBegan: asOf - DAY_MS }
    expect(meaning('continue', waiting, { ...toyPolicy, steps }, 199)).toBeUndefined()
    expect(meaning('continue', waiting, { ...toyPolicy, steps }, 200)).toBe('step_over')
    const closing = (exposureLasts: string) => ({ ...toyPolicy, exposureLasts })
    expect(meaning('promote', { step: 0, stepBegan: asOf }, closing('2d'))).toBe('promote')
    expect(meaning('promote', { step: 0, stepBegan: asOf }, closing('3d'))).toBeUndefined()
    expect(meaning('continue', { step: 0, stepBegan: asOf - DAY_MS }, closing('2d'))).toBeUndefined()
  })
})

describe('a canary from look to look', () => {
  const look = (what: Evidence, asOf: string, deadline: string) => judgeOf({ ...what, asOf }, deadline)
  const at = (day: number) => new Date(FIRST_DAY + day * DAY_MS).toISOString()

  it('widens, extends its deadline as often as the policy says, and is held', () => {
    const progress = createProgress(toyPolicy, OPENED)
    const deadline = OPENED + 14 * DAY_MS
    expect(progress.deadline()).toBe(new Date(deadline).toISOString())
    expect(progress.weightOn(FIRST_DAY)).toBe(1_000)
    expect(progress.after(look(open, at(1), progress.deadline()))).toBeUndefined()
    expect(progress.weightOn(FIRST_DAY + DAY_MS)).toBe(5_000)
    // The second step began then, and lasts two days.
    expect(progress.after(look(good, at(2), progress.deadline()))).toBeUndefined()
    expect(progress.after(look(open, at(14), progress.deadline()))).toBeUndefined()
    expect(progress.deadline()).toBe(new Date(deadline + 7 * DAY_MS).toISOString())
    expect(progress.after(look(open, at(15), progress.deadline()))).toBeUndefined()
    expect(progress.after(look(open, at(21), progress.deadline()))).toBe('held')
  })

  it('is promoted after its last step, and rolled back at any', () => {
    const [better, worse] = [createProgress(toyPolicy, OPENED), createProgress(toyPolicy, OPENED)]
    expect(better.after(look(good, at(1), better.deadline()))).toBeUndefined()
    expect(better.after(look(good, at(3), better.deadline()))).toBe('promoted')
    expect(worse.after(look(harmful, at(1), worse.deadline()))).toBe('rolled_back')
  })

  it('has no traffic after its exposure has closed, and no step beyond the last', () => {
    const progress = createProgress({ ...toyPolicy, exposureLasts: '2d' }, OPENED)
    expect(progress.weightOn(FIRST_DAY + 2 * DAY_MS - 1)).toBe(1_000)
    expect(progress.weightOn(FIRST_DAY + 2 * DAY_MS)).toBe(0)
    const none = createProgress({ ...toyPolicy, steps: [] }, OPENED)
    expect(none.weightOn(FIRST_DAY)).toBe(0)
  })

  it('of recorded evidence is judged at the looks of the policy only, each knowing those before, until it ends', () => {
    const recorded = [at(1), at(1.5), at(2), at(3), at(4)].map((asOf) => ({ ...good, asOf }))
    const looks = replay(toyPolicy, toyPolicy, recorded, OPENED)
    expect(looks.map(({ judgement, verdict }) => [judgement.numbers.asOf, verdict])).toEqual([
      [at(1), null],
      [at(2), null],
      [at(3), 'promoted'],
    ])
    const half = replay({ ...toyPolicy, lookEvery: '12h' }, toyPolicy, recorded, OPENED)
    expect(half.map(({ judgement }) => judgement.numbers.asOf)).toEqual([at(1), at(1.5), at(2), at(3)])
    // Deadlines are those of the policy, with its extensions.
    const late = [at(13), at(14), at(20), at(21), at(22)].map((asOf) => ({ ...open, asOf }))
    expect(replay(toyPolicy, toyPolicy, late, OPENED).map(({ verdict }) => verdict)).toEqual([null, null, null, 'held'])
    // Looks before are those of the replay, not the recorded ones: the same evidence spends nothing again.
    const plan = { spending: 'pocock', plannedLooks: 2 } as const
    const judgePolicy = { ...toyPolicy.judge, method: 'group_sequential', groupSequential: plan } as const
    const planned = { ...toyPolicy, judge: judgePolicy }
    const twice = [at(1), at(2), at(3)].map((asOf) => ({ ...open, asOf, looks: [pastLook(judgeOf(good))] }))
    const spent = replay(planned, toyPolicy, twice, OPENED).map(({ judgement }) => judgement.numbers.sequential?.spent)
    expect(spent[0]).toBeGreaterThan(0)
    expect(spent[0]).toBeLessThan(0.05)
    expect(spent.slice(1)).toEqual([spent[0], spent[0]])
  })

  it('of evidence that another horizon or bound gathered is refused', () => {
    const bound = { lowest: 0, highest: 1, beyond: 'refuse' } as const
    const withBound = { ...toyPolicy, judge: { ...toyPolicy.judge, lossBound: bound } }
    const refusal = (policy: PromotionPolicy, under: PromotionPolicy) => {
      try {
        replay(policy, under, [], OPENED)
        return 'replayed'
      } catch (error) {
        return (error as Error).message
      }
    }
    expect(refusal({ ...toyPolicy, labelHorizon: '24h' }, toyPolicy)).toBe('replayed')
    expect(refusal({ ...toyPolicy, labelHorizon: '2d' }, toyPolicy)).toMatch(
      /^labelHorizon is 2d, but the evidence was gathered with 1d;/,
    )
    expect(refusal(withBound, withBound)).toBe('replayed')
    expect(refusal(withBound, toyPolicy)).toMatch(/^lossBound is 0\.\.1, refuse, but .* with none;/)
    for (const changed of [{ lowest: -1 }, { highest: 2 }, { beyond: 'winsorise' as const }])
      expect(
        refusal({ ...toyPolicy, judge: { ...toyPolicy.judge, lossBound: { ...bound, ...changed } } }, withBound),
      ).toMatch(/^lossBound is .* with 0\.\.1, refuse;/)
  })
})

describe('evidence', () => {
  const refusal = (over: Parameters<typeof cohort>[0], more: Partial<Evidence> = {}) => {
    try {
      checkEvidence(evidence([cohort(over)], more))
      return 'taken'
    } catch (error) {
      return (error as Error).message
    }
  }

  it('with more labels or estimates than decisions, or fewer than none, is refused', () => {
    const zero = { labelled: 0, lossSum: 0, lossSumSquares: 0 }
    expect(refusal({ labelled: 1_000 })).toBe('taken')
    expect(refusal({ exposed: 999 })).toBe(
      'invalid evidence: cohort 2001-01-21/canary: labelled is 1000 of 999 exposed',
    )
    expect(refusal({ ...zero })).toBe('taken')
    expect(refusal({ ...zero, labelled: -1 })).toMatch(/labelled is -1 of 1000 exposed/)
    expect(refusal({ estimated: 1_000 })).toBe('taken')
    expect(refusal({ estimated: 1_001 })).toMatch(/estimated is 1001 of 1000 exposed/)
    expect(refusal({ estimated: -1 })).toMatch(/estimated is -1/)
  })

  it('whose squares cannot belong to its sums is refused', () => {
    expect(refusal({ lossSum: 300, lossSumSquares: 90 })).toBe('taken')
    expect(refusal({ lossSum: -300, lossSumSquares: 90 })).toBe('taken')
    expect(refusal({ lossSum: 300, lossSumSquares: 90 * (1 - 5e-10) })).toBe('taken')
    expect(refusal({ lossSum: 300, lossSumSquares: 89.999 })).toMatch(
      /lossSum is 300 and lossSumSquares 89.999 of 1000/,
    )
    expect(refusal({ labelled: 0, lossSum: 0, lossSumSquares: 0 })).toBe('taken')
    expect(refusal({ labelled: 0, lossSum: 1, lossSumSquares: 9 })).toMatch(/lossSum is 1 and lossSumSquares 9 of 0/)
    expect(refusal({ estimated: 100, expectedLossSum: 30, expectedLossSumSquares: 9 })).toBe('taken')
    expect(refusal({ estimated: 100, expectedLossSum: 30, expectedLossSumSquares: 8.9 })).toMatch(
      /expectedLossSum is 30/,
    )
  })

  it('with a cohort twice, or looks out of order, is refused', () => {
    const twice = () => checkEvidence(evidence([cohort(), cohort()]))
    expect(twice).toThrow('cohort 2001-01-21/canary is given twice')
    expect(() => checkEvidence(evidence(pair('2001-01-21', {})))).not.toThrow()
    const past = (asOf: string) => ({ ...pastLook(judgeOf(good)), asOf })
    const looks = (...asOf: string[]) => refusal({}, { looks: asOf.map(past) })
    expect(looks('2001-01-22T00:00:00.000Z', '2001-01-23T00:00:00.000Z')).toBe('taken')
    expect(looks('2001-01-23T00:00:00.000Z', '2001-01-22T00:00:00.000Z')).toMatch(/looks: 2001-01-22.* is out of order/)
    expect(looks('2001-01-22T00:00:00.000Z', '2001-01-22T00:00:00.000Z')).toMatch(/out of order/)
    expect(looks('2001-01-24T23:59:59.999Z')).toBe('taken')
    expect(looks('2001-01-25T00:00:00.000Z')).toMatch(/before 2001-01-25/)
    expect(looks('yesterday')).toMatch(/yesterday is out of order/)
  })

  it('whose numbers overflow is refused by the path of the number', () => {
    expect(() => checkNumbers(numbers)).not.toThrow()
    expect(() => checkNumbers({ ...numbers, effect: Number.NaN })).toThrow('numbers.effect is NaN')
    const day = { day: '2001-01-21', effect: Number.POSITIVE_INFINITY, challenger: 1, reference: 1 }
    expect(() => checkNumbers({ ...numbers, perDay: [day] })).toThrow('numbers.perDay.0.effect is Infinity')
    expect(() => checkNumbers({ ...numbers, effect: null })).not.toThrow()
  })
})

describe('a condition', () => {
  const both = (challenger: number, reference = challenger) => ({ challenger, reference })
  const measured = (over: Partial<typeof numbers>, more: Partial<typeof settings> = {}) =>
    unmetByMeasurement({ ...numbers, ...over }, { ...settings, ...more })
  const promoted = (over: Partial<typeof numbers>, more: Partial<typeof settings> = {}) =>
    unmetByPromotion({ ...numbers, ...over }, { ...settings, ...more })

  it('of the measurement holds at its limit and not beyond it', () => {
    expect(measured({})).toEqual([])
    expect(measured({ mature: both(200) })).toEqual([])
    expect(measured({ mature: both(199, 200) })).toEqual(['too_few_mature'])
    expect(measured({ mature: both(200, 199) })).toEqual(['too_few_mature'])
    expect(measured({ mature: both(0, 500) }, { minMature: 0 })).toEqual(['no_mature_labels'])
    expect(measured({ effect: null })).toEqual(['no_common_day'])
    expect(measured({ effect: null, mature: both(0) })).toEqual(['no_mature_labels', 'too_few_mature'])
    expect(measured({ standardError: 0 })).toEqual(['no_variance'])
    expect(measured({ standardError: null })).toEqual([])
    const refuses = { refusesBeyondBound: true }
    expect(measured({ beyondBound: both(1, 0) })).toEqual([])
    expect(measured({ beyondBound: both(1, 0) }, refuses)).toEqual(['loss_beyond_bound'])
    expect(measured({ beyondBound: both(0, 1) }, refuses)).toEqual(['loss_beyond_bound'])
    expect(measured({ beyondBound: both(0) }, refuses)).toEqual([])
  })

  it('of a promotion holds at its limit and not beyond it', () => {
    expect(promoted({})).toEqual([])
    expect(promoted({}, { minMatureDays: 3 })).toEqual([])
    expect(promoted({}, { minMatureDays: 4 })).toEqual(['too_few_days'])
    expect(promoted({ perDay: [] })).toEqual([])
    expect(promoted({ perDay: [] }, { minMatureDays: 2 })).toEqual(['too_few_days'])
    expect(promoted({ coverage: both(0.9) })).toEqual([])
    expect(promoted({ coverage: both(0.89, 0.9) })).toEqual(['coverage_below_floor'])
    expect(promoted({ coverage: both(0.9, 0.89) })).toEqual(['coverage_below_floor'])
    const nothing = { challenger: null, reference: null }
    expect(promoted({ coverage: nothing })).toEqual(['coverage_below_floor'])
    const half = { minCoverage: 0, maxCoverageDifference: 0.25 }
    expect(promoted({ coverage: both(0.5, 0.75) }, half)).toEqual([])
    expect(promoted({ coverage: both(0.75, 0.5) }, half)).toEqual([])
    expect(promoted({ coverage: both(0.5, 0.76) }, half)).toEqual(['coverage_differs'])
    expect(promoted({ sampleRatioP: 0.001 })).toEqual([])
    expect(promoted({ sampleRatioP: 0.000_99 })).toEqual(['sample_ratio_mismatch'])
    expect(promoted({ sampleRatioP: null })).toEqual([])
    expect(promoted({ interval: null })).toEqual(['inconclusive'])
    expect(promoted({ conclusions: ['superior'] })).toEqual(['inconclusive'])
    expect(promoted({ conclusions: ['equivalent'] }, { objective: 'equivalence' })).toEqual([])
    expect(promoted({ conclusions: ['superior'] }, { objective: 'superiority' })).toEqual([])
  })

  it('of an interval is beyond a margin, not at it', () => {
    const [low, high] = numbers.interval ?? [0, 0]
    const shown = (what: Evidence, margins: Partial<typeof settings.margins>) =>
      measure({ ...settings, margins: { ...settings.margins, ...margins } }, what).conclusions
    expect(high).toBeLessThan(0)
    expect(shown(good, { nonInferiority: high })).toEqual(['superior'])
    expect(shown(good, { nonInferiority: high + 1e-9 })).toEqual(['superior', 'non_inferior'])
    expect(shown(good, { tolerance: -low })).toEqual(['superior', 'non_inferior'])
    expect(shown(good, { tolerance: -low + 1e-9 })).toEqual(['superior', 'non_inferior', 'equivalent'])
    const [worse = 0, worst = 0] = measure(settings, harmful).interval ?? []
    expect(shown(harmful, { harm: worse })).toEqual([])
    expect(shown(harmful, { harm: worse - 1e-9 })).toEqual(['harmful'])
    expect(shown(harmful, { harm: 1, nonInferiority: 1, tolerance: worst })).toEqual(['non_inferior'])
  })
})

describe('an early estimate', () => {
  const estimate = {
    decisions: { challenger: 100, reference: 120 },
    effect: 0.2,
    interval: [0.1, 0.3] as [number, number],
    calibration: { challenger: null, reference: null },
  }
  const limit = (pauseAbove: number, minDecisions: number) => ({
    ...settings,
    earlyEstimate: { pauseAbove, minDecisions },
  })

  it('pauses above its limit and with enough decisions of both arms', () => {
    expect(estimatePauses(estimate, limit(0.099, 100), [])).toBe(true)
    expect(estimatePauses(estimate, limit(0.1, 100), [])).toBe(false)
    expect(estimatePauses(estimate, limit(0.05, 101), [])).toBe(false)
    const turned = { ...estimate, decisions: { challenger: 120, reference: 100 } }
    expect(estimatePauses(turned, limit(0.05, 101), [])).toBe(false)
    expect(estimatePauses({ ...estimate, interval: null }, limit(0.05, 1), [])).toBe(false)
    expect(estimatePauses(null, limit(0.05, 1), [])).toBe(false)
    expect(estimatePauses(estimate, { ...settings, earlyEstimate: null }, [])).toBe(false)
  })

  it('pauses again after another pause, and not after its own', () => {
    const past = (action: Judgement['action'], reason: string) => [{ ...pastLook(judgeOf(good)), action, reason }]
    expect(estimatePauses(estimate, limit(0.05, 1), past('pause', 'estimated_harm'))).toBe(false)
    expect(estimatePauses(estimate, limit(0.05, 1), past('pause', 'breach:errors'))).toBe(true)
    expect(estimatePauses(estimate, limit(0.05, 1), past('continue', 'estimated_harm'))).toBe(true)
  })

  it('is calibrated by the mature days of its arm that have both', () => {
    const day = { estimated: 500, expectedLossSum: 120, expectedLossSumSquares: 120 }
    // Expected .24, observed .3.
    expect(calibration([cohort(day)], 'canary')).toBeCloseTo(0.8, 12)
    const others = [
      cohort({ ...day, arm: 'production', expectedLossSum: 400 }),
      cohort({ ...day, mature: false, expectedLossSum: 400 }),
      cohort({ ...day, labelled: 0, lossSum: 0, lossSumSquares: 0, expectedLossSum: 400 }),
      cohort({ lossSum: 900 }),
    ]
    expect(calibration([cohort(day), ...others], 'canary')).toBeCloseTo(0.8, 12)
    expect(calibration([cohort({ ...day, lossSum: 0, lossSumSquares: 0 })], 'canary')).toBeNull()
    expect(calibration([], 'canary')).toBeNull()
    expect(
      calibration([cohort({ ...day, labelled: 1, lossSum: 1 }), cohort({ ...day, estimated: 1 })], 'canary'),
    ).toBeCloseTo(240 / 501 / (301 / 1_001), 12)
  })
})

describe('the split', () => {
  const p = (...cohorts: Parameters<typeof sampleRatioP>[0]) => sampleRatioP(cohorts, 'canary', 'production')
  it('that is exact has p 1, and one that leaves no freedom decides by itself', () => {
    expect(p()).toBeNull()
    expect(p(cohort(), cohort({ arm: 'production' }))).toBe(1)
    expect(p(cohort({ expectedShare: 10_000 }))).toBeNull()
    expect(p(cohort({ expectedShare: 0 }))).toBe(0)
  })

  it('counts the days of either arm, and both directions alike', () => {
    // (600 - 500) / sqrt(250): a two-sided normal test.
    const more = p(cohort({ exposed: 600 }), cohort({ arm: 'production', exposed: 400 }))
    expect(more).toBeCloseTo(2.5e-10, 11)
    expect(p(cohort({ exposed: 400 }), cohort({ arm: 'production', exposed: 600 }))).toBe(more)
    // A day with decisions of the reference only: the challenger's share is what the other leaves.
    const only = p(cohort({ arm: 'production', exposed: 100, expectedShare: 9_000 }))
    expect(only).toBeCloseTo(0.000_858, 6)
  })
})

describe('the measured effect', () => {
  it('is of the days on which both arms have labels, in order', () => {
    const cohorts = [
      ...pair('2001-01-23', costly(100, 0.4), costly(300, 0.2)),
      ...pair('2001-01-21', costly(100, 0.3), costly(100, 0.2)),
      cohort({ day: '2001-01-22', ...costly(100, 0.9) }),
      ...pair('2001-01-24', costly(100, 0.9, { mature: false }), costly(100, 0.2, { mature: false })),
    ]
    const found = stratifiedEffect(cohorts, 'canary', 'production')
    expect(found?.perDay.map(({ day }) => day)).toEqual(['2001-01-21', '2001-01-23'])
    // Weights 50 and 75.
    expect(found?.weight).toBeCloseTo(125, 12)
    expect(found?.effect).toBeCloseTo((50 * 0.1 + 75 * 0.2) / 125, 12)
    expect(found?.n).toBe(600)
    const variance = (n: number, share: number) => (share * (1 - share)) / (n - 1)
    const days = [
      [50, variance(100, 0.3) + variance(100, 0.2)],
      [75, variance(100, 0.4) + variance(300, 0.2)],
    ] as const
    const expected = Math.sqrt(days.reduce((sum, [weight, of]) => sum + weight * weight * of, 0)) / 125
    expect(found?.standardError).toBeCloseTo(expected, 12)
  })

  it('shows what is pending, covered and beyond its bound, of mature days only', () => {
    const found = measure(
      settings,
      evidence([
        ...pair('2001-01-21', { labelled: 900, beyondBound: 2 }, { beyondBound: 3 }),
        ...pair('2001-01-22', { mature: false, beyondBound: 9 }, { mature: false, exposed: 1_500 }),
      ]),
    )
    expect(found).toMatchObject({
      exposed: { challenger: 2_000, reference: 2_500 },
      mature: { challenger: 900, reference: 1_000 },
      pending: { challenger: 1_000, reference: 1_500 },
      coverage: { challenger: 0.9, reference: 1 },
      beyondBound: { challenger: 2, reference: 3 },
      matureDays: 1,
    })
    expect(measure(settings, evidence([])).coverage).toEqual({ challenger: null, reference: null })
  })
})

describe('judge 1', () => {
  it('names a breach before harm, and one that rolls back before one that pauses', () => {
    const breach = (signal: string, power: 'pause' | 'rollback') =>
      ({ signal, arm: 'canary', value: 1, threshold: 0, power, at: '2001-01-22T00:00:00.000Z' }) as const
    const judged = (...breaches: Evidence['breaches']) => {
      const { action, reason } = judgeOf({ ...harmful, breaches })
      return `${action} ${reason}`
    }
    expect(judged()).toBe('rollback harm')
    expect(judged(breach('slow', 'pause'))).toBe('pause breach:slow')
    expect(judged(breach('slow', 'pause'), breach('broken', 'rollback'))).toBe('rollback breach:broken')
  })

  it('is late from the deadline on, and a decision is never late', () => {
    const asOf = Date.parse(open.asOf)
    const at = (what: Evidence, deadline: number) => judgeOf(what, new Date(deadline).toISOString())
    expect(at(open, asOf + 1)).toMatchObject({ action: 'continue', reason: 'inconclusive' })
    expect(at(open, asOf)).toMatchObject({ action: 'hold', reason: 'deadline:inconclusive' })
    expect(at(good, asOf)).toMatchObject({ action: 'promote', reason: 'non_inferior' })
    expect(at(harmful, asOf - 1)).toMatchObject({ action: 'rollback', reason: 'harm' })
  })

  it('has the settings of its policy, and defaults for what is absent', () => {
    expect(settings).toEqual({
      alpha: 0.05,
      tunedFor: 1_000,
      plan: null,
      objective: 'non_inferiority',
      margins: { nonInferiority: 0.02, harm: 0.02, tolerance: 0.02 },
      minMature: 200,
      minMatureDays: 1,
      minCoverage: 0.9,
      maxCoverageDifference: 0.05,
      sampleRatioAlpha: 0.001,
      refusesBeyondBound: false,
      designEffect: 1,
      earlyEstimate: null,
    })
    const bound = (beyond: 'refuse' | 'winsorise') =>
      settingsOf({ ...toyPolicy.judge, lossBound: { lowest: 0, highest: 1, beyond } }, false).refusesBeyondBound
    expect([bound('refuse'), bound('winsorise')]).toEqual([true, false])
    const more = { tolerance: 0.5, minMatureDays: 4, designEffect: 3, objective: 'equivalence' } as const
    expect(settingsOf({ ...toyPolicy.judge, ...more }, true)).toMatchObject({
      margins: { tolerance: 0.5 },
      minMatureDays: 4,
      designEffect: 3,
      objective: 'equivalence',
    })
  })
})
