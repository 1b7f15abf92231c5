import { describe, expect, it } from 'vitest'
import { parseOrRefuse } from '../../contracts/parse.js'
import { promotionPolicy } from '../../contracts/schemas/index.js'
import { project as eta } from '../../projects/eta/index.js'
import { project as forecast } from '../../projects/forecast/index.js'
import { pairedInterval, withSliceLimits } from '../../projects/kit/critical-slice.js'
import { project as ranking } from '../../projects/ranking/index.js'
import { project as vision } from '../../projects/vision/index.js'
import { backdatedGate } from '../../releases/backdated.js'
import { toyPolicy } from '../toy-project/policy.js'

const GATE = { name: 'critical_slice_pass', passed: true, value: 1, threshold: 0, detail: 'fine' }
/** So many rows of which the first have quality 1. */
const rows = (good: number, of: number): number[] => Array.from({ length: of }, (_, row) => (row < good ? 1 : 0))
const quality = (candidate: number[], production: number[]) => ({ what: 'recall', candidate, production })

describe('the critical slice', () => {
  it('never passes with recall 0, whatever the gate itself compares', () => {
    const gate = withSliceLimits(GATE, quality(rows(0, 50), rows(0, 50)))
    expect(gate.passed).toBe(false)
    expect(gate.detail).toContain('recall 0.000, +0.000 [')
  })

  it.each([[undefined], [quality([], [])]])('does not pass unmeasured (%j)', (measured) => {
    expect(withSliceLimits(GATE, measured)).toMatchObject({
      passed: false,
      detail: expect.stringContaining('cannot be measured') as string,
    })
  })

  it('below the floor does not pass, though it is better than production', () => {
    const limits = { criticalFloor: 0.5 }
    expect(withSliceLimits(GATE, quality(rows(24, 50), rows(10, 50)), limits)).toMatchObject({
      passed: false,
      detail: expect.stringContaining('below the floor 0.5') as string,
    })
    expect(withSliceLimits(GATE, quality(rows(25, 50), rows(10, 50)), limits).passed).toBe(true)
  })

  it('of half of production’s recall does not pass where a policy states the largest loss', () => {
    const [half, all] = [rows(400, 1_000), rows(800, 1_000)]
    expect(withSliceLimits(GATE, quality(half, all)).passed).toBe(true)
    const gate = withSliceLimits(GATE, quality(half, all), { criticalLoss: 0.3 })
    expect(gate.passed).toBe(false)
    expect(gate.detail).toMatch(
      /recall 0\.400, -0\.400 \[-0\.4\d+, -0\.3\d+\] against production \(at most 0\.3 lower\): it may be more than 0\.3 lower/,
    )
    expect(withSliceLimits(GATE, quality(half, all), { criticalLoss: 0.5 }).passed).toBe(true)
  })

  it('with too few rows to show it does not pass', () => {
    const same = quality(rows(4, 5), rows(4, 5))
    expect(withSliceLimits(GATE, same, { criticalLoss: 0.1 }).passed).toBe(false)
    expect(withSliceLimits(GATE, quality(rows(400, 500), rows(400, 500)), { criticalLoss: 0.1 }).passed).toBe(true)
  })

  it('passes no candidate whose own gate failed', () => {
    const better = quality(rows(50, 50), rows(10, 50))
    expect(withSliceLimits({ ...GATE, passed: false }, better, { criticalFloor: 0 }).passed).toBe(false)
  })

  it('has an interval of the paired difference as by hand', () => {
    // 60 rows: 5 only production found, 15 only the candidate. Agresti and Min: n = 62, b = 5.5, c = 15.5.
    const differences = [...Array<number>(5).fill(-1), ...Array<number>(15).fill(1), ...Array<number>(40).fill(0)]
    const half = (1.959964 * Math.sqrt(21 - 10 ** 2 / 62)) / 62
    expect(pairedInterval(differences).low).toBeCloseTo(10 / 62 - half, 10)
    expect(pairedInterval(differences).high).toBeCloseTo(10 / 62 + half, 10)
    expect(pairedInterval([]).high).toBeCloseTo(0.98, 3)
  })

  it.each([eta, forecast, ranking, vision].map(({ name, policy }) => [name, policy] as const))(
    '%s states both limits',
    (_name, { offline }) => {
      expect(offline?.criticalFloor).toBeGreaterThan(0)
      expect(offline?.criticalLoss).toBeLessThan(1)
    },
  )

  it('limits need a policy of version 2', () => {
    const written = { ...toyPolicy, offline: { criticalFloor: 0.5 } }
    expect(() => parseOrRefuse(promotionPolicy, written, 'policy')).toThrow(/offline.*needs schema slipway.policy\/2/)
  })
})

describe('a candidate that is older than production', () => {
  const of = (cutoff: string, name = 'flights') => ({ cutoff, source: { name, files: [] } })
  const [march, april] = [of('2001-03-10T00:00:00.000Z'), of('2001-04-10T00:00:00.000Z')]
  const policy = { schema: 'slipway.policy/2' } as const

  it('is held, and the report says why', () => {
    expect(backdatedGate(march, april, policy)).toMatchObject({
      name: 'production_not_newer',
      passed: false,
      detail: expect.stringMatching(
        /data up to 2001-04-10.* learned held-out days .* offline.backdated: allow/,
      ) as string,
    })
  })

  it('is compared where the policy allows it, and the report still says so', () => {
    const gate = backdatedGate(march, april, { ...policy, offline: { backdated: 'allow' } })
    expect(gate).toMatchObject({ passed: true, detail: expect.stringContaining('favours production') as string })
    expect(backdatedGate(march, april, { schema: 'slipway.policy/1' })?.passed).toBe(true)
  })

  it('is none with the same cutoff, a later one, or data of another source', () => {
    for (const [candidate, production] of [
      [march, march],
      [april, march],
      [march, of('2001-04-10T00:00:00.000Z', 'generated')],
    ] as const)
      expect(backdatedGate(candidate, production, policy)).toBeNull()
  })
})
