/** The paired judgement: losses of the candidate in the shadow beside those of production, on the same requests. */
import { describe, expect, it } from 'vitest'
import { afterLook, judge, replay } from '../../../judge/index.js'
import { createProgress } from '../../../judge/progress.js'
import { createRandom } from '../../../judge/simulation/random.js'
import { days, evidenceFrom, NEVER, POLICY, steadyRows } from './from-rows.js'
import { inShadow, mean, type PairedRow, pairedFrom, pairedPolicy, steadyPairs, sum } from './paired-rows.js'

const judged = (rows: readonly PairedRow[], policy = pairedPolicy()) => judge(policy, inShadow(pairedFrom(rows)), NEVER)
const numbersOf = (...args: Parameters<typeof judged>) => {
  const { paired } = judged(...args).numbers
  if (!paired) throw new Error('no paired judgement')
  return paired
}

const BETTER = steadyPairs(days(5), { perDay: 400, better: 40, worse: 20 })
const WORSE = steadyPairs(days(5), { perDay: 400, better: 20, worse: 60 })

describe('effect, standard error and interval', () => {
  /** Twenty entities that return, with labels for most; some days are busier. */
  function drawn(): PairedRow[] {
    const random = createRandom(5)
    return days(6).flatMap((day, index) =>
      Array.from({ length: 60 + 20 * index }, (): PairedRow => {
        const entity = Math.floor(random() * 20)
        const zero = random() < 0.8 ? Math.round(random() * 4) / 4 : null
        const one = zero === null || random() < 0.05 ? null : random() < 0.5 ? zero : Math.round(random() * 4) / 4
        return { entity: `e${entity}`, day, one, zero }
      }),
    )
  }

  it('agree with single requests', () => {
    const rows = drawn()
    const known = rows.flatMap(({ one, zero, ...row }) =>
      one === null || zero === null ? [] : [{ ...row, d: one - zero }],
    )
    const on = (of: string) => known.filter(({ day }) => day === of).map(({ d }) => d)
    const within = sum(
      days(6).map((day) => {
        const values = on(day)
        return (values.length * sum(values.map((d) => (d - mean(values)) ** 2))) / (values.length - 1)
      }),
    )
    const residuals = known.map(({ entity, day, d }) => ({ entity, r: d - mean(on(day)) }))
    const byEntity = sum(
      [...new Set(known.map(({ entity }) => entity))].map(
        (name) => sum(residuals.flatMap(({ entity, r }) => (entity === name ? [r] : []))) ** 2,
      ),
    )
    const design = Math.max(1, byEntity / sum(residuals.map(({ r }) => r * r)))
    const se = Math.sqrt(within * design) / known.length
    const found = numbersOf(rows)
    expect(found.effect).toBeCloseTo(mean(known.map(({ d }) => d)), 12)
    expect(found.designEffect).toBeCloseTo(design, 9)
    expect(found.standardError).toBeCloseTo(se, 12)
    // Normal mixture at alpha/2, as large as the boundary of judge 2 for as many decisions of both arms.
    const [alpha, tuned] = [0.025, 5_000]
    const rho2 = (2 * Math.log(1 / alpha) + Math.log(2 * Math.log(1 / alpha) + 1)) / tuned
    const g = ((2 * known.length) / design) * rho2
    const boundary = Math.sqrt(2 * (1 + 1 / g) * Math.log(Math.sqrt(1 + g) / alpha))
    expect((found.interval?.[1] ?? 0) - (found.effect ?? 0)).toBeCloseTo(boundary * se, 9)
    expect(found.coverage).toBeCloseTo(known.length / rows.length, 12)
  })

  it('an entity that returns daily with the same difference counts as one', () => {
    const daily = BETTER.map((row) => ({ ...row, entity: row.entity.slice('2026-01-01'.length) }))
    expect(numbersOf(daily).designEffect).toBeCloseTo(5, 9)
    expect(numbersOf(BETTER).designEffect).toBeCloseTo(1, 12)
  })

  it('what both have in common is not chance: the same difference is shown by fewer requests than by two arms', () => {
    const arms = judge(pairedPolicy(), evidenceFrom(steadyRows(days(5), 200, { canary: 8, production: 7 })), NEVER)
    const pairs = numbersOf(steadyPairs(days(5), { perDay: 200, better: 8, worse: 4 }))
    expect(pairs.standardError ?? 1).toBeLessThan((arms.numbers.standardError ?? 0) / 1.5)
  })

  it('only mature days count', () => {
    const [first = ''] = days(1)
    const early = judge(pairedPolicy(), inShadow(pairedFrom(BETTER, first)), NEVER).numbers.paired
    expect(early).toMatchObject({ labelled: 400, matureDays: 1 })
  })

  it('bounded losses: wider than the sequence, and within the range of a difference', () => {
    const [bounded, sequence] = [numbersOf(BETTER, pairedPolicy({ method: 'bounded' })), numbersOf(BETTER)]
    const width = ({ interval }: typeof bounded) => (interval?.[1] ?? 0) - (interval?.[0] ?? 0)
    expect(width(bounded)).toBeGreaterThan(0)
    expect(width(bounded)).toBeLessThan(2 * width(sequence))
    expect(bounded.effect).toBe(sequence.effect)
  })
})

describe('its demands are those of the canary', () => {
  it.each([
    ['too_few_mature', { minMature: 3_000 }, BETTER],
    ['too_few_differing_losses', {}, steadyPairs(days(5), { perDay: 400, better: 10, worse: 5 })],
    ['too_few_days', { minMatureDays: 6 }, BETTER],
    ['coverage_below_floor', {}, BETTER.map((row, at) => (at % 5 === 0 ? { ...row, one: null, zero: null } : row))],
    ['coverage_differs', {}, BETTER.map((row, at) => (at % 15 === 0 ? { ...row, one: null } : row))],
    ['days_disagree', {}, [...BETTER, ...steadyPairs(days(1, 9), { perDay: 400, better: 0, worse: 60 })]],
    [
      'inconclusive',
      { objective: 'superiority' as const },
      steadyPairs(days(5), { perDay: 400, better: 30, worse: 30 }),
    ],
  ])('%s', (code, policy, rows) => {
    const { action, unmet } = judged(rows, pairedPolicy(policy))
    expect(action).toBe('continue')
    expect(unmet).toContain(code)
  })

  it('losses beyond a bound that refuses them are no evidence, of harm either', () => {
    const { days: all, ...rest } = pairedFrom(WORSE)
    const beyond = { ...rest, days: all.map((day) => ({ ...day, beyondBound: 1 })) }
    expect(judge(pairedPolicy(), inShadow(beyond), NEVER)).toMatchObject({
      action: 'continue',
      reason: 'loss_beyond_bound',
    })
  })
})

describe('in the shadow', () => {
  it('what is shown is the reason, and no judgement promotes', () => {
    expect(judged(BETTER)).toMatchObject({ action: 'continue', reason: 'non_inferior_in_shadow', unmet: [] })
  })
  it.each(['hold', 'rollback'] as const)('harm: %s, as the policy says', (onHarm) => {
    expect(judged(WORSE, pairedPolicy({}, { onHarm }))).toMatchObject({ action: onHarm, reason: 'harm_in_shadow' })
  })
  it('a breach comes first', () => {
    const breach = { signal: 's', arm: 'shadow' as const, value: 1, threshold: 0, power: 'pause' as const, at: NEVER }
    const evidence = inShadow(pairedFrom(WORSE), { breaches: [breach] })
    expect(judge(pairedPolicy(), evidence, NEVER)).toMatchObject({ action: 'pause', reason: 'breach:s' })
  })
})

describe('during the canary', () => {
  const FEW = steadyRows(days(3), 15, { canary: 5, production: 5 })
  const inCanary = (rows: readonly PairedRow[], policy = pairedPolicy(), canary = FEW) =>
    judge(policy, { ...evidenceFrom(canary), paired: pairedFrom(rows) }, NEVER)

  it('promotes with the fewer labels that the policy permits after its shadow has shown the objective', () => {
    expect(inCanary(BETTER)).toMatchObject({ action: 'promote', reason: 'non_inferior_in_shadow', unmet: [] })
  })
  it('not with fewer than those', () => {
    const policy = pairedPolicy({}, { onHarm: 'hold', canaryMinMature: 100 })
    expect(inCanary(BETTER, policy)).toMatchObject({ action: 'continue', reason: 'too_few_mature' })
  })
  it('not where the policy does not say so, or the shadow has shown nothing', () => {
    const undecided = steadyPairs(days(2), { perDay: 400, better: 10, worse: 10 })
    const silent = pairedPolicy({}, { onHarm: 'hold' })
    expect(inCanary(BETTER, silent)).toMatchObject({ action: 'continue', reason: 'inconclusive' })
    expect(inCanary(undecided)).toMatchObject({ action: 'continue', reason: 'inconclusive' })
  })
  it('not where the canary itself has shown the contrary', () => {
    const contrary = steadyRows(days(3), 60, { canary: 1, production: 6 })
    const policy = pairedPolicy({ minMature: 10_000, harmMargin: 0.5 })
    const differing = steadyPairs(days(30), { perDay: 400, better: 40, worse: 20 })
    expect(inCanary(differing, policy, contrary)).toMatchObject({
      action: 'continue',
      reason: 'canary_contradicts_shadow',
    })
  })
  it('not where labels are missing in one arm', () => {
    const missing = FEW.map((row, at) => (row.arm === 'canary' && at % 3 === 0 ? { ...row, loss: null } : row))
    const { action, unmet } = inCanary(BETTER, pairedPolicy(), missing)
    expect(action).toBe('continue')
    expect(unmet).toContain('coverage_below_floor')
  })
  it('labels of the shadow that mature meanwhile may show harm', () => {
    expect(inCanary(WORSE)).toMatchObject({ action: 'rollback', reason: 'harm_in_shadow' })
  })
  it('both are judged at half of alpha', () => {
    const canary = steadyRows(days(5), 400, { canary: 10, production: 8 })
    const evidence = { ...evidenceFrom(canary), paired: pairedFrom(BETTER) }
    const width = (interval: readonly number[] | null | undefined) => (interval?.[1] ?? 0) - (interval?.[0] ?? 0)
    const both = judge(pairedPolicy(), evidence, NEVER).numbers
    const half = judge(pairedPolicy({ alpha: 0.025 }), { ...evidence, paired: undefined }, NEVER).numbers
    const { shadow: _none, ...alone } = pairedPolicy({ alpha: 0.025 })
    const whole = judge(alone, { ...evidence, paired: undefined }, NEVER).numbers
    expect(width(both.interval)).toBeCloseTo(width(whole.interval), 12)
    expect(width(half.interval)).toBeGreaterThan(width(whole.interval))
  })
})

describe('evidence that contradicts itself is refused', () => {
  const { days: all, ...rest } = pairedFrom(BETTER)
  const [first, ...others] = all as [(typeof all)[number], ...typeof all]
  it.each([
    [{ labelled: -1 }, /paired 2026-01-01: labelled is -1/],
    [{ labelled: 1.5 }, /labelled is 1.5/],
    [{ exposed: 10 }, /of 10 exposed/],
    [{ differing: 401 }, /differing is 401/],
    [{ sum: Number.NaN }, /sum is NaN/],
    [{ sum: 4_000 }, /sum is 4000/],
    [{ sumSquares: 1_000 }, /sumSquares is 1000, and at most/],
    [{ clusterSquares: Number.NaN }, /clusterSquares is NaN/],
    [{ referenceLabelled: 0 }, /referenceLabelled 0/],
  ])('%j', (wrong, message) => {
    const evidence = inShadow({ ...rest, days: [{ ...first, ...wrong }, ...others] })
    expect(() => judge(pairedPolicy(), evidence, NEVER)).toThrow(message)
  })
  it('a day twice', () => {
    expect(() => judge(pairedPolicy(), inShadow({ ...rest, days: [first, ...all] }), NEVER)).toThrow(/given twice/)
  })
  it('in evidence of version 1', () => {
    const { clusters: _none, ...evidence } = inShadow(pairedFrom(BETTER), { schema: 'slipway.evidence/1' })
    expect(() => judge(pairedPolicy(), evidence, NEVER)).toThrow(/paired is only in slipway.evidence\/2/)
  })
})

describe('what follows a look', () => {
  const policy = { ...pairedPolicy({}, { onHarm: 'hold' }), maxExtensions: 3 }
  const held = judge(policy, inShadow(pairedFrom(WORSE)), NEVER)
  const at = { policy, asOf: Date.parse(held.numbers.asOf), opened: 0, deadline: Infinity, step: 0, stepBegan: 0 }

  it.each(['shadow', 'canary'] as const)('a hold for harm ends the %s at once, paused or not', (phase) => {
    for (const paused of [false, true]) expect(afterLook(held, { ...at, phase, paused, asked: 'no' })).toBe('hold')
  })
  it('and is never extended', () => {
    expect(createProgress(policy, 0).after(held)).toBe('held')
  })
})

it('a policy that compares losses in the shadow is not replayed on evidence that has none', () => {
  const evidence = evidenceFrom(steadyRows(days(2), 60, { canary: 5, production: 5 }))
  const opened = Date.parse('2026-01-01T00:00:00Z')
  expect(() => replay(pairedPolicy(), POLICY, [evidence], opened)).toThrow(/shadow.paired is there/)
  const paired = { ...evidence, paired: pairedFrom(BETTER) }
  expect(replay(pairedPolicy(), pairedPolicy(), [paired], opened)[0]?.judgement.numbers.paired?.labelled).toBe(2_000)
  expect(replay(POLICY, pairedPolicy(), [paired], opened)[0]?.judgement.numbers).not.toHaveProperty('paired')
})
