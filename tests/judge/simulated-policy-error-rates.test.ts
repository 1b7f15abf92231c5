/** `slipway judge simulate`. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { DEADLINE_DAYS, informationBy, policyOf, STEPPED } from '../../bench/judge/policies.js'
import type { PromotionPolicy } from '../../contracts/types.js'
import { reportOn } from '../../judge/index.js'
import { simulateCanary } from '../../judge/simulation/canary.js'
import { expectedInformation } from '../../judge/simulation/expected-information.js'
import { binomial, createRandom } from '../../judge/simulation/random.js'
import { slipway } from '../support/slipway.js'
import { toyPolicy } from '../toy-project/policy.js'

const SIZE = { traffic: 2_000, rate: 0.2, cost: 1, runs: 150, seed: 3 }
const margin = { ...toyPolicy, judge: { ...toyPolicy.judge, nonInferiorityMargin: 0.01, harmMargin: 0 } }

describe('a simulated policy', () => {
  it('promotes a better candidate, rolls back a harmful one, and rarely promotes the least harmful one that must not be', () => {
    const worse = reportOn(margin, { ...SIZE, effect: 0.25 })
    expect(worse.worstAllowed.effect).toBeCloseTo(0.05, 12)
    // Three standard errors of 150 runs above the 5 % that the policy allows.
    expect(worse.falsePromotion).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / SIZE.runs))
    expect(worse.detection).toBeGreaterThan(0.95)
    const better = reportOn(margin, { ...SIZE, effect: -0.25 })
    expect(better.detection).toBeGreaterThan(0.95)
    expect(better.asked.rolledBack).toBeLessThan(0.05)
    expect(better.daysToDetection).toBeLessThan(better.same.days.p90)
  })

  it('gives the same rates for the same seed, and others for another seed', () => {
    const report = (seed: number) => reportOn(margin, { ...SIZE, runs: 40, effect: 0.1, seed })
    expect(report(3)).toEqual(report(3))
    expect(report(4)).not.toEqual(report(3))
  })

  it('steps, extends and closes exposure as the policy says', () => {
    const policy: PromotionPolicy = {
      ...margin,
      steps: [
        { weight: 500, atLeast: '1d', minMature: 350 },
        { weight: 5_000, atLeast: '1d' },
      ],
      judge: { ...margin.judge, objective: 'superiority' },
    }
    // 100 canary decisions a day, mature the day after: 350 of them at the fifth look, which widens; the sixth may
    // promote.
    const end = (changes: Partial<PromotionPolicy>, effect: number) =>
      simulateCanary({ ...policy, ...changes }, { traffic: 2_000, rate: () => 0.2, effect, cost: 1 }, createRandom(1))
    expect(end({}, -0.9)).toMatchObject({ verdict: 'promoted', days: 6 })
    expect(end({}, 0)).toMatchObject({ verdict: 'held', days: 21, reason: 'deadline:inconclusive' })
    expect(end({ maxExtensions: 0 }, 0)).toMatchObject({ verdict: 'held', days: 14 })
    // Closed after three days at the first step: what has matured by then decides.
    expect(end({ exposureLasts: '3d' }, -0.9)).toMatchObject({ verdict: 'promoted', days: 3 })
  })
})

describe('the information a plan should expect', () => {
  it('is the information of the days that are mature by the deadline', () => {
    const policy = policyOf({})
    expect(expectedInformation(policy, 2_000)).toBeCloseTo(informationBy(DEADLINE_DAYS, 2_000, STEPPED), 6)
    // Five days at 50 %: 2,000 decisions a day tell as much as they are.
    const flat: PromotionPolicy = { ...policy, steps: [{ weight: 5_000, atLeast: '1d' }], exposureLasts: '5d' }
    expect(expectedInformation(flat, 2_000)).toBe(10_000)
    expect(expectedInformation({ ...flat, judge: { ...flat.judge, designEffect: 2 } }, 2_000)).toBe(5_000)
  })

  it('is reached where the plan of a simulated canary ends', () => {
    const plannedInformation = expectedInformation(policyOf({}), 2_000)
    const policy = policyOf({ method: 'group_sequential', groupSequential: { spending: 'pocock', plannedInformation } })
    const end = simulateCanary(policy, { traffic: 2_000, rate: () => 0.2, effect: 0, cost: 1 }, createRandom(2))
    expect(end).toMatchObject({ verdict: 'held' })
    expect(end.days).toBeGreaterThanOrEqual(DEADLINE_DAYS - 1)
  })
})

describe('the random numbers', () => {
  it('have the mean and variance of a binomial, also where a normal number is drawn instead', () => {
    for (const [n, p] of [
      [40, 0.1],
      [5_000, 0.3],
      [40_000, 0.3],
    ] as const) {
      const random = createRandom(11)
      const draws = Array.from({ length: 2_000 }, () => binomial(random, n, p))
      const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length
      const variance = draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / (draws.length - 1)
      const expected = n * p * (1 - p)
      expect(Math.abs(mean - n * p)).toBeLessThan(4 * Math.sqrt(expected / draws.length))
      expect(Math.abs(variance / expected - 1)).toBeLessThan(4 * Math.sqrt(2 / draws.length))
    }
  })
})

describe('slipway judge simulate', () => {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-simulate-'))
  const file = join(folder, 'policy.json')
  writeFileSync(file, JSON.stringify(margin))
  const run = (...args: string[]) => slipway(['judge', 'simulate', ...args], { SLIPWAY_HOME: folder })
  const asked = [
    '--policy',
    file,
    '--traffic',
    '2000',
    '--rate',
    '0.2',
    '--effect',
    '0.25',
    '--runs',
    '20',
    '--seed',
    '3',
  ]

  it('prints rates and days, as text and as JSON', async () => {
    const [words, json] = await Promise.all([run(...asked), run(...asked, '--json')])
    expect(words).toMatchObject({ code: 0, stderr: '' })
    expect(words.stdout).toMatch(/false promotion: \d+\.\d %\ndetection of \+25\.0 %: \d+\.\d %, after \d+ days/)
    expect(JSON.parse(json.stdout)).toEqual(reportOn(margin, { ...SIZE, runs: 20, effect: 0.25 }))
  })

  it('takes a file with a few fields as changes to a project’s policy', async () => {
    const few = join(folder, 'few.json')
    writeFileSync(few, JSON.stringify({ judge: { objective: 'superiority' } }))
    const changed = [...asked, '--policy', few, '--json']
    const [eta, wrong] = await Promise.all([run(...changed), run(...changed, '--project', 'none')])
    expect(JSON.parse(eta.stdout)).toMatchObject({ worstAllowed: { effect: 0 } })
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('none') as string })
  })

  it.each([
    [['--rate', '1.5'], /must be a number greater than 0 and at most 1/],
    [['--effect', '9'], /a share of 2\.00 of the decisions would incur a loss of 1/],
  ])('refuses %j with exit code 2', async (changes, message) => {
    const { code, stderr } = await run(...asked, ...changes)
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
  })
})
