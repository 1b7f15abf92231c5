/** `slipway judge simulate` in unkind streams, and `slipway judge plan`. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { promotionPolicy } from '../../../contracts/schemas/index.js'
import { proposePolicy, reportOn, simulateRates } from '../../../judge/index.js'
import { planPolicy } from '../../../releases/policy/plan-policy.js'
import { simulatePolicy } from '../../../releases/policy/simulate-policy.js'
import { requirePolicyThatCanDecide } from '../../../releases/policy-that-can-decide.js'
import { slipway } from '../../support/slipway.js'
import { POLICY } from './from-rows.js'

const folder = mkdtempSync(join(tmpdir(), 'slipway-plan-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const run = (...args: string[]) => slipway(['judge', ...args], { SLIPWAY_HOME: folder })

describe('simulate', () => {
  const file = join(folder, 'policy.json')
  writeFileSync(file, JSON.stringify(POLICY))
  const asked = [
    'simulate',
    '--policy',
    file,
    '--traffic',
    '600',
    '--rate',
    '0.2',
    '--effect',
    '0',
    '--runs',
    '5',
    '--json',
  ]
  const plain = { traffic: 600, rate: 0.2, effect: 0, cost: 1, runs: 5, seed: 1 }

  it('refuses more single decisions than it can draw', () => {
    const huge = { ...plain, policy: POLICY, traffic: 1e9, stream: { entities: { visits: 10, icc: 0.1 } } }
    expect(() => simulatePolicy(huge, 'options')).toThrow(/at most 1000000 a day; --traffic is 1000000000/)
  })

  it('takes tails, returning entities, days that differ and missing labels', async () => {
    const unkind = [
      '--tail',
      'lognormal:2',
      '--visits',
      '8',
      '--icc',
      '0.2',
      '--day-sd',
      '0.1',
      '--coverage',
      '0.95',
      '--coverage-canary',
      '0.9',
    ]
    const { stdout } = await run(...asked, ...unkind)
    const stream = {
      loss: { kind: 'lognormal', sigma: 2 },
      entities: { visits: 8, icc: 0.2 },
      days: { sd: 0.1 * 0.2, correlation: 0 },
      coverage: { production: 0.95, canary: 0.9 },
    } as const
    expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(reportOn(POLICY, { ...plain, stream }))))
  })

  it.each([
    [['--tail', 'pareto:1'], /must be lognormal:SIGMA/],
    [['--icc', '1.5'], /must be a number from 0 to 0.999/],
  ])('refuses %j', async (changes, message) => {
    const { code, stderr } = await run(...asked, ...changes)
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
  })
})

describe('simulate, with a judged shadow', () => {
  const shadow = { share: 10_000, lasts: '4d', paired: { onHarm: 'rollback' as const, canaryMinMature: 20 } }
  const steps = [500, 2_500, 5_000].map((weight) => ({ weight, atLeast: '1d' }))
  const policy = { ...POLICY, steps, shadow }
  const file = join(folder, 'shadowed.json')
  writeFileSync(file, JSON.stringify(policy))
  const canary = { traffic: 1_000, rate: 0.2, cost: 1, runs: 12, seed: 1 }
  const asked = { ...canary, shadowDiffering: 0.1 }
  const flags = ['--traffic', '1000', '--rate', '0.2', '--runs', '12', '--json']

  it('a harmful candidate is found in the shadow, days before a canary alone finds it', () => {
    const { shadow: found, asked: alone } = reportOn(policy, { ...asked, effect: 0.4 })
    expect(found?.asked.rolledBack).toBe(1)
    expect(found?.canaryAlone.days.median).toBeGreaterThan(found?.asked.days.median ?? 0)
    expect(found?.daysSaved).toBe((found?.canaryAlone.days.median ?? 0) - (found?.asked.days.median ?? 0))
    expect(found?.notJudged.days.median).toBeGreaterThan(found?.canaryAlone.days.median ?? 0)
    expect(found?.same.rolledBack).toBeLessThan(0.3)
    // The canary by itself is shown as before.
    expect(alone).toEqual(reportOn(policy, { ...canary, effect: 0.4 }).asked)
  })

  it('prints what it computes, and refuses what cannot be simulated', async () => {
    const by = (path: string, ...more: string[]) =>
      run('simulate', '--policy', path, ...flags, '--effect', '0.4', ...more)
    const { stdout } = await by(file, '--shadow-differing', '0.1')
    expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(reportOn(policy, { ...asked, effect: 0.4 }))))
    const plain = join(folder, 'unshadowed.json')
    writeFileSync(plain, JSON.stringify(POLICY))
    expect((await by(plain, '--shadow-differing', '0.1')).stderr).toContain('needs a policy with a shadow')
    expect((await by(file, '--shadow-differing', '0.01')).stderr).toContain('must be at least 0.0800')
    expect((await by(file, '--shadow-differing', '0.1', '--tail', 'lognormal:1')).stderr).toContain('cannot be used')
  })
})

describe('simulate, with segments', () => {
  const segments = { onHarm: 'rollback' as const, of: [{ name: 'night' }, { name: 'day' }] }
  const policy = { ...POLICY, segments }
  const file = join(folder, 'segmented.json')
  writeFileSync(file, JSON.stringify(policy))
  const stream = (effect: number) => ({
    segments: [
      { name: 'night', share: 0.25, effect },
      { name: 'day', share: 0.5, effect: 0 },
    ],
  })
  // Better on the whole, although twice as bad at night.
  const asked = { traffic: 1_000, rate: 0.2, effect: -0.3, cost: 1, runs: 10, seed: 1 }
  const flags = ['--traffic', '1000', '--rate', '0.2', '--effect', '-0.3', '--runs', '10', '--json']

  it('finds harm in one of them, which the others hide, and none where there is none', () => {
    const harmed = reportOn(policy, { ...asked, stream: stream(2) })
    expect(harmed.asked.rolledBack).toBeGreaterThan(0.7)
    expect(harmed.same.rolledBack).toBeLessThan(0.3)
    expect(reportOn(policy, { ...asked, stream: stream(0) }).asked.rolledBack).toBe(0)
    const { segments: _, ...whole } = policy
    expect(reportOn(whole, { ...asked, stream: stream(2) }).asked.rolledBack).toBeLessThan(0.3)
  })

  it('takes the share of each segment of the policy, and its effect', async () => {
    const { stdout } = await run(
      'simulate',
      '--policy',
      file,
      ...flags,
      '--segment',
      'night:0.25:2',
      '--segment',
      'day:0.5',
    )
    expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(reportOn(policy, { ...asked, stream: stream(2) }))))
  })

  it.each([
    [['night:0.25'], /policy, which has night, day: day is missing/],
    [['night:0.25', 'day:0.5', 'dawn:0.1'], /dawn is unknown/],
    [['night:0.25', 'day:0.9'], /shares are 1.150 together/],
    [['night:0.25', 'night:0.5'], /night is given twice/],
    [['night:0'], /with a share above 0/],
  ])('refuses %j', async (given, message) => {
    const options = given.flatMap((one) => ['--segment', one])
    const { code, stderr } = await run('simulate', '--policy', file, ...flags, ...options)
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
  })
})

describe('plan', () => {
  const wish = { perDay: 2_000, rate: 0.12, smallestEffect: 0.15, horizon: '3d', ramp: [500, 2_500, 5_000] }

  it('proposes a valid policy that can decide, and keeps what it promises', () => {
    const { policy, exposedDays } = proposePolicy(wish) ?? { policy: POLICY, exposedDays: 0 }
    expect(promotionPolicy.parse(policy)).toEqual(policy)
    expect(() => requirePolicyThatCanDecide(policy)).not.toThrow()
    expect(policy.deadline).toBe(`${exposedDays + 3}d`)
    const rates = (effect: number) =>
      simulateRates(policy, { traffic: 2_000, rate: () => 0.12, effect, cost: 1 }, { runs: 80, seed: 2 })
    const [same, worse] = [rates(0), rates(0.15)]
    expect(same.promoted).toBeGreaterThan(0.7)
    expect(worse.promoted).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / 80))
    expect(worse.rolledBack).toBeGreaterThan(0.5)
  })

  it('takes more days for a smaller effect, and says when traffic cannot show it', () => {
    const days = (smallestEffect: number) => proposePolicy({ ...wish, smallestEffect })?.exposedDays ?? null
    expect(days(0.1)).toBeGreaterThan(days(0.2) ?? 0)
    expect(days(0.005)).toBeNull()
  })

  it('lasts until each arm has the decisions that a verdict needs', () => {
    // A change of 100 % is shown by few decisions, but no verdict is possible with fewer than a hundred labels an arm.
    const request = { ...wish, perDay: 10, rate: 0.5, smallestEffect: 1, runs: 20, seed: 1 }
    const { candidates } = planPolicy(request, 'options')
    expect(candidates.map(({ rates }) => rates.held)).toEqual([0, 0, 0])
    expect(() => planPolicy({ ...request, perDay: 2 }, 'options')).toThrow(/with enough losses in each arm/)
  })

  it('shows no candidate with less than no loss, and simulates a billion decisions that rarely incur one', () => {
    const request = { ...wish, perDay: 1e9, rate: 1e-9, smallestEffect: 10, runs: 3, seed: 1 }
    expect(planPolicy(request, 'options').candidates.map(({ effect }) => effect)).toEqual([0, 10, -1])
  })

  it('writes the policy, never over an existing file, and explains it', async () => {
    const out = join(folder, 'planned.json')
    const asked = [
      'plan',
      '--per-day',
      '2000',
      '--rate',
      '0.12',
      '--smallest-effect',
      '0.15',
      '--horizon',
      '3d',
      '--runs',
      '5',
      '--out',
      out,
    ]
    const first = await run(...asked)
    expect(first).toMatchObject({ code: 0, stderr: '' })
    expect(first.stdout).toMatch(/The canary gets 5 %, then 25 %, then 50 % of the traffic/)
    expect(first.stdout).toMatch(/15 % worse/)
    expect(JSON.parse(readFileSync(out, 'utf8'))).toEqual(proposePolicy(wish)?.policy)
    expect(await run(...asked)).toMatchObject({ code: 2, stderr: expect.stringContaining('exists already') as string })
    expect(await run(...asked.slice(0, -1), join(folder, 'x.json'), '--smallest-effect', '0.001')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('cannot show a change of 0.001') as string,
    })
  })
})
