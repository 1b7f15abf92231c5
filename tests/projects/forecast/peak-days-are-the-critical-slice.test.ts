import { beforeAll, expect, it } from 'vitest'
import { evaluationReport } from '../../../contracts/schemas/index.js'
import type { EvaluationReport } from '../../../contracts/types.js'
import { peakGate } from '../../../projects/forecast/gates/peaks.js'
import { THRESHOLDS } from '../../../projects/forecast/policy.js'
import type { LoadedRelease } from '../../../projects/project.js'
import { evaluated, imported, SMALL, smallWorld, testFolder, trained } from './demand-files.js'

const folder = testFolder()
let snapshot: Awaited<ReturnType<typeof imported>>
let baseline: LoadedRelease
let honest: LoadedRelease

beforeAll(async () => {
  snapshot = await imported(folder, await smallWorld(folder), '2023-03-06')
  baseline = await trained(snapshot, 'baseline', 'baseline')
  honest = await trained(snapshot, 'honest', SMALL)
})

const failed = ({ gates }: EvaluationReport) => gates.filter(({ passed }) => !passed).map(({ name }) => name)

it('passes an honest network against the baseline, with a full report', async () => {
  const report = evaluationReport.parse(await evaluated(snapshot, honest, baseline))
  expect(failed(report)).toEqual([])
  expect(report.gates.map(({ name }) => name)).toEqual([
    'schema_valid',
    'no_leakage',
    'critical_slice_pass',
    'cost_improves',
    'wape_against_production',
    'wape_against_naive',
    'interval_coverage',
  ])
  expect(report.heldOut).toMatchObject({ from: '2023-02-20T00:00:00.000Z', to: '2023-03-06T00:00:00.000Z' })
  expect(report.slices.map(({ name }) => name)).toContain('peak days')
  expect(report.figures?.map(({ kind }) => kind)).toEqual(['line', 'line', 'line', 'line', 'bar'])
  // The cost curve is lowest near the quantile that the costs ask for, 3 / (3 + 1).
  const curve = report.figures?.[3]?.series[0]?.points ?? []
  const best = curve.reduce((low, point) => (point.y < low.y ? point : low), curve[0] ?? { x: 0, y: 0 })
  expect(best.x).toBeGreaterThanOrEqual(0.6)
  expect(best.x).toBeLessThanOrEqual(0.9)
})

it('fails a network trained with peaks cut off', async () => {
  const even = await trained(snapshot, 'even', { ...SMALL, peaks: 'cut_off' })
  const report = await evaluated(snapshot, even, honest)
  expect(failed(report)).toContain('critical_slice_pass')
  const peaks = report.slices.find(({ name }) => name === 'peak days')
  expect(peaks?.candidate.underforecastCost).toBeGreaterThan(1.1 * (peaks?.production.underforecastCost ?? 0))
})

it('fails without held-out peaks: no data is not a pass', () => {
  const answers = { outputs: [{ usual: 4 }], short: Float64Array.of(0), served: Float64Array.of(1) } as never
  const both = { labels: Float64Array.of(5), candidate: answers, production: answers } as never
  expect(peakGate(both, THRESHOLDS)).toMatchObject({ passed: false, value: null })
  const peak = { labels: Float64Array.of(8), candidate: answers, production: answers } as never
  expect(peakGate(peak, THRESHOLDS)).toMatchObject({ passed: true, value: 0 })
})
