/** Each boundary of the exposure rules is checked at the last value on one side and the first on the other. */
import { describe, expect, it } from 'vitest'
import type { ExposureRequest } from '../../contracts/activities.js'
import { DAY_MS } from '../../contracts/duration.js'
import { ARMS } from '../../contracts/names.js'
import type { MonitorSignal } from '../../contracts/types.js'
import { releaseIn, shareOf } from '../../exposure/arms.js'
import { isAssignable } from '../../exposure/assign.js'
import {
  breachesOf,
  FEWEST_DECISIONS,
  type Measured,
  notYetStored,
  openBreaches,
  type StoredBreach,
} from '../../exposure/breaches.js'
import { endOfExposure, plannedStep } from '../../exposure/planned-steps.js'
import { armOf, fitsArm, hashEntity } from '../../exposure/split.js'
import { stepInForce, weightInForce } from '../../exposure/step-in-force.js'
import { canaryRequest } from '../support/canary-request.js'
import { toyPolicy } from '../toy-project/policy.js'
import { exposedRun, recordOf, START } from './support.js'

describe('the split', () => {
  it('a canary has the buckets below its weight, a holdback the topmost ones', () => {
    const canary = (bucket: number, weight: number) => armOf(bucket, { phase: 'canary', weight })
    expect([canary(999, 1_000), canary(1_000, 1_000), canary(0, 0), canary(9_999, 10_000)]).toEqual([
      'canary',
      'production',
      'production',
      'canary',
    ])
    const probation = (bucket: number, weight: number) => armOf(bucket, { phase: 'probation', weight })
    expect([probation(8_999, 1_000), probation(9_000, 1_000), probation(9_999, 0)]).toEqual([
      'production',
      'holdback',
      'production',
    ])
  })

  it('a recorded split fits only the arms that it can have given', () => {
    expect([
      fitsArm('canary', { bucket: 999, weight: 1_000 }),
      fitsArm('canary', { bucket: 1_000, weight: 1_000 }),
    ]).toEqual([true, false])
    expect([
      fitsArm('holdback', { bucket: 9_000, weight: 1_000 }),
      fitsArm('holdback', { bucket: 8_999, weight: 1_000 }),
      // A bucket of a canary is none of a holdback.
      fitsArm('holdback', { bucket: 999, weight: 1_000 }),
    ]).toEqual([true, false, false])
    expect([
      fitsArm('production', { bucket: 5, weight: 9_999 }),
      fitsArm('production', { bucket: 5, weight: 10_000 }),
    ]).toEqual([true, false])
  })

  it('the hash of an entity does not change: stored decisions rely on it', () => {
    expect(hashEntity('release/eta/a', 'parcel-1')).toMatchInlineSnapshot(`"8d634fc899947cc4820e0ca68b35960f"`)
    expect(hashEntity('ab', 'c')).not.toBe(hashEntity('a', 'bc'))
  })
})

describe('arms', () => {
  it('each phase has two arms, and a release answers in no other', () => {
    const releases = (phase: 'canary' | 'probation') =>
      ARMS.map((arm) => releaseIn({ phase, candidate: 'new', reference: 'old' }, arm))
    expect(Object.fromEntries(ARMS.map((arm, index) => [arm, releases('canary')[index]]))).toMatchObject({
      canary: 'new',
      production: 'old',
      holdback: null,
    })
    expect(Object.fromEntries(ARMS.map((arm, index) => [arm, releases('probation')[index]]))).toMatchObject({
      canary: null,
      production: 'new',
      holdback: 'old',
    })
  })

  it('production has the share that the other arm leaves', () => {
    expect([shareOf('production', 1_000), shareOf('canary', 1_000), shareOf('holdback', 1)]).toEqual([9_000, 1_000, 1])
  })

  it('requests can be answered as soon as there is a production release', () => {
    expect([isAssignable(recordOf(null)), isAssignable({ ...recordOf(null), production: null })]).toEqual([true, false])
  })
})

describe('the step in force', () => {
  const steps = [
    { phase: 'canary', step: 0, weight: 100, fromDay: START },
    { phase: 'canary', step: 1, weight: 500, fromDay: START + DAY_MS },
  ] as const

  it('begins with the first instant of its day', () => {
    expect([START - 1, START, START + DAY_MS - 1, START + DAY_MS].map((at) => stepInForce(steps, at)?.weight)).toEqual([
      undefined,
      100,
      100,
      500,
    ])
  })

  it('the first step answers before its day, and a run without steps has no share', () => {
    expect(weightInForce(exposedRun({ steps }), START - 1)).toBe(100)
    expect(weightInForce(exposedRun({ steps: [] }), START)).toBe(0)
  })
})

describe('planned steps', () => {
  const request = (fields: Partial<ExposureRequest>) =>
    canaryRequest('release/toy/a', START, { policy: toyPolicy, evidence: 'replay', ...fields })
  const LATE = 15 * 60_000

  it('has the weight of its step, from the first whole day after it began', () => {
    const [first, second] = toyPolicy.steps
    expect(plannedStep(request({}), START)).toEqual({ phase: 'canary', step: 0, weight: first?.weight, fromDay: START })
    expect(plannedStep(request({ step: 1, stepBegan: START + DAY_MS + 1 }), START)).toEqual({
      phase: 'canary',
      step: 1,
      weight: second?.weight,
      fromDay: START + 2 * DAY_MS,
    })
    // A step does not begin before its canary.
    expect(plannedStep(request({ opened: START + 1, stepBegan: START }), START).fromDay).toBe(START + DAY_MS)
    const policy = { ...toyPolicy, probation: { ...toyPolicy.probation, holdback: 77 } }
    const holdback = plannedStep(request({ phase: 'probation', opening: 1, policy }), START)
    expect(holdback).toMatchObject({ phase: 'probation', weight: 77, opening: 1 })
    expect(() => plannedStep(request({ step: 99 }), START)).toThrow(new RangeError('the policy has no canary step 99'))
  })

  it('of live traffic begins a day later when it is more than 15 minutes late; a replay is never late', () => {
    const fromDay = (now: number, evidence: 'live' | 'replay') => plannedStep(request({ evidence }), now).fromDay
    expect([
      fromDay(START + LATE, 'live'),
      fromDay(START + LATE + 1, 'live'),
      fromDay(START + LATE + 1, 'replay'),
    ]).toEqual([START, START + DAY_MS, START])
  })

  it('a canary ends its exposure where the policy says so; a probation never does', () => {
    const policy = { ...toyPolicy, exposureLasts: '2d' } as const
    expect(endOfExposure(request({ policy }))).toEqual({
      phase: 'canary',
      step: policy.steps.length,
      weight: 0,
      fromDay: START + 2 * DAY_MS,
    })
    expect(endOfExposure(request({ policy, phase: 'probation' }))).toBeNull()
    const { exposureLasts: _none, ...without } = policy
    expect(endOfExposure(request({ policy: without }))).toBeNull()
  })
})

describe('breaches', () => {
  const signal = (fields: Partial<MonitorSignal>): MonitorSignal => ({
    name: 'missing',
    clock: 'data_health',
    window: '1h',
    threshold: 0.1,
    breachWhen: 'above',
    power: 'pause',
    ...fields,
  })
  const measured = (fields: Partial<Measured>): Measured => ({
    arm: 'canary',
    from: START,
    to: START + 3_600_000,
    decisions: FEWEST_DECISIONS,
    numbers: { missing: 0.2 },
    ...fields,
  })
  const count = (of: Partial<MonitorSignal>, over: Partial<Measured>) =>
    breachesOf([signal(of)], measured(over), START).length

  it('has everything that made it fire', () => {
    expect(breachesOf([signal({})], measured({}), START + 7)).toEqual([
      {
        signal: 'missing',
        arm: 'canary',
        value: 0.2,
        threshold: 0.1,
        power: 'pause',
        at: new Date(START + 7).toISOString(),
        clock: 'data_health',
        breachWhen: 'above',
        decisions: FEWEST_DECISIONS,
        numbers: { missing: 0.2 },
        window: { from: new Date(START).toISOString(), to: new Date(START + 3_600_000).toISOString() },
      },
    ])
  })

  it('a value at the threshold is none, on either side', () => {
    expect([0.1, 0.1001].map((missing) => count({}, { numbers: { missing } }))).toEqual([0, 1])
    expect([0.1, 0.0999].map((missing) => count({ breachWhen: 'below' }, { numbers: { missing } }))).toEqual([0, 1])
  })

  it('needs 20 decisions, or one where the threshold is 0; a signal without a finite number has not fired', () => {
    expect([19, 20].map((decisions) => count({}, { decisions }))).toEqual([0, 1])
    expect(count({ threshold: 0 }, { decisions: 1 })).toBe(1)
    expect([count({}, { numbers: {} }), count({}, { numbers: { missing: Number.POSITIVE_INFINITY } })]).toEqual([0, 0])
  })

  it('a look acts on a breach up to its own instant, and on one stored after the look before', () => {
    const stored = (at: number, seq: number): StoredBreach => ({
      signal: 'missing',
      arm: 'canary',
      value: 1,
      threshold: 0.1,
      power: 'pause',
      at: new Date(at).toISOString(),
      seq,
    })
    const open = (breach: StoredBreach) =>
      openBreaches([breach], { phase: 'canary', asOf: START + 10, looksAfter: START, actedOn: { seq: 5 } }).length
    expect([open(stored(START + 10, 9)), open(stored(START + 11, 9))]).toEqual([1, 0])
    expect([open(stored(START, 5)), open(stored(START, 6))]).toEqual([0, 1])
  })

  it('another signal, another arm or an earlier window is another breach', () => {
    const [fired] = breachesOf([signal({})], measured({}), START)
    const known = (fields: object) => [{ signal: 'missing', arm: 'canary' as const, agoMs: 0, ...fields }]
    const stored = (fields: object) => notYetStored(fired ? [fired] : [], known(fields), () => 3_600_000).length
    expect([stored({}), stored({ signal: 'late' }), stored({ arm: 'production' })]).toEqual([0, 1, 1])
    // Known breaches of others do not hide one that is known.
    const others = [...known({}), ...known({ signal: 'late' })]
    expect(notYetStored(fired ? [fired] : [], others, () => 3_600_000)).toEqual([])
    expect(notYetStored(fired ? [fired] : [], [], () => 3_600_000)).toHaveLength(1)
    const storedBefore = (agoMs: number) => stored({ agoMs })
    expect([storedBefore(3_599_999), storedBefore(3_600_000)]).toEqual([0, 1])
  })
})
