import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { digestOf } from '../../../contracts/canonical.js'
import type { EvaluationReport, GateResult } from '../../../contracts/types.js'
import { leakageGate } from '../../../projects/eta/gates/leakage.js'
import { criticalLaneGate } from '../../../projects/eta/gates/slices.js'
import { project } from '../../../projects/eta/index.js'
import { thresholdsOf } from '../../../projects/eta/policy.js'
import type { SnapshotDraft, TrainResult } from '../../../projects/project.js'
import { chance } from '../../toy-project/data.js'
import { at, csvOf, DAYS, type Folder, flightsOf, openFolder } from './flight-files.js'

const thresholds = thresholdsOf(project.gates)
const HELD_OUT_FROM = at(DAYS - 7)

describe('the leakage gate', () => {
  const rows = 2_000
  const labels = Uint8Array.from({ length: rows }, (_, row) => (chance(row, 'label') < 0.3 ? 1 : 0))
  const noise = (row: number) => chance(row, 'noise')
  const gate = (name: string, column: (row: number) => number, until = HELD_OUT_FROM) =>
    leakageGate({
      model: { trained: { from: at(0), until, rows } },
      matrix: {
        names: ['distance', name],
        rows,
        values: Float64Array.from({ length: rows * 2 }, (_, index) =>
          index % 2 === 0 ? noise(index) : column((index - 1) / 2),
        ),
      },
      labels,
      heldOutFrom: HELD_OUT_FROM,
      thresholds,
    })

  it('passes without a leak', () => {
    expect(gate('lane_rate', noise)).toMatchObject({ name: 'no_leakage', passed: true })
  })

  it.each([
    ['departure_delay', /departure_delay is known only at departure/],
    ['elapsed_ratio', /elapsed_ratio is known only at arrival/],
    ['gate_camera', /gate_camera is not in the table of features: when its value becomes known is not stated/],
    ['constructor', /constructor is not in the table of features/],
  ])('finds a leak by name, even without information: %s', (name, detail) => {
    const found = gate(name, noise)
    expect(found).toMatchObject({ passed: false, detail: expect.stringMatching(detail) as string })
    expect(found.value).toBeLessThan(0.6)
  })

  it('finds training on held-out days, even by one millisecond', () => {
    expect(gate('lane_rate', noise, HELD_OUT_FROM)).toMatchObject({ passed: true })
    expect(gate('lane_rate', noise, HELD_OUT_FROM + 1)).toMatchObject({
      passed: false,
      detail: expect.stringMatching(
        /trained on days up to 2013-01-22, but days from 2013-01-22 are held out/,
      ) as string,
    })
  })

  it.each([
    ['rises with lateness', 1],
    ['falls with it', -1],
  ])('finds a leak by behaviour: a feature with a usable name that %s', (_how, sign) => {
    const tells = (row: number) => sign * ((labels[row] ?? 0) + 1.5 * chance(row, 'blur'))
    const found = gate('lane_rate', tells)
    expect(found).toMatchObject({ passed: false, threshold: 0.8 })
    expect(found.detail).toMatch(/lane_rate alone has AUC 0\.\d+, above 0.8: it probably knows the outcome/)
  })

  it('finds a leak by behaviour that is known for a few flights only', () => {
    const found = gate('lane_rate', (row) => (row % 10 === 0 ? (labels[row] ?? 0) : Number.NaN))
    expect(found).toMatchObject({ passed: false, value: 1 })
  })
})

describe('critical lanes', () => {
  // Twelve flights a lane on the first two, one on each of five others; every third is late.
  const lanes = [
    ...Array(12).fill('JFK-LAX'),
    ...Array(12).fill('JFK-BOS'),
    'A-B',
    'C-D',
    'E-F',
    'G-H',
    'I-J',
  ] as string[]
  const heldOut = lanes.map((lane, index) => {
    const [origin, destination] = lane.split('-') as [string, string]
    return {
      scheduled: at(25),
      carrier: '',
      number: '',
      origin,
      destination,
      distance: 700,
      delay: 0,
      departureDelay: null,
      arrived: at(26) + index,
    }
  })
  const labels = Uint8Array.from(lanes, (_, index) => (index % 3 === 0 ? 1 : 0))
  const gate = (warns: (lane: string, row: number) => boolean, late = labels): GateResult => {
    const warned = Uint8Array.from(lanes, (lane, row) => (warns(lane, row) ? 1 : 0))
    const answers = { warned } as unknown as Parameters<typeof criticalLaneGate>[0]['candidate']
    return criticalLaneGate(
      { candidate: answers, production: answers, heldOut, labels: late },
      { ...thresholds, criticalLanes: 2 },
    )
  }

  it('with the same recall as all lanes pass', () => {
    expect(gate(() => true)).toMatchObject({ name: 'critical_slice_pass', passed: true, value: 1, threshold: 0.8 })
    expect(gate((_, row) => row % 2 === 0)).toMatchObject({ passed: true })
  })

  it('without warnings fail the gate, whatever the recall on the others', () => {
    const found = gate((lane) => lane !== 'JFK-LAX' && lane !== 'JFK-BOS')
    expect(found).toMatchObject({ passed: false, value: 0 })
    expect(found.detail).toMatch(
      /0.0 % of the late flights on critical lanes had a warning, at least 16.0 % required \(20.0 % on all lanes\)/,
    )
  })

  it('pass at the bound and fail below it', () => {
    // Recall on all: 8 of 10 late ones; on the critical ones the same minus those of the small lanes.
    const value = (critical: number) => gate((lane, row) => (lane.startsWith('JFK') ? row / 3 < critical : true))
    expect(value(8)).toMatchObject({ passed: true, value: 1 })
    expect(value(6)).toMatchObject({ passed: true, value: 0.75 })
    expect(value(3)).toMatchObject({ passed: false, value: 0.375 })
  })

  it('fail on a held-out week without flights: no data is not a pass', () => {
    const none = { warned: new Uint8Array() } as unknown as Parameters<typeof criticalLaneGate>[0]['candidate']
    const both = { candidate: none, production: none, heldOut: [], labels: new Uint8Array() }
    expect(criticalLaneGate(both, thresholds)).toMatchObject({ passed: false })
  })
})

describe('trained candidates on a small history', () => {
  let folder: Folder
  let draft: SnapshotDraft
  let production: TrainResult
  const quick = { epochs: 3, batchSize: 64 }

  beforeAll(async () => {
    folder = openFolder()
    draft = await folder.snapshot(folder.write('flights.csv', csvOf(flightsOf())), at(DAYS))
    production = await project.baseline(folder.request(draft))
  })
  afterAll(() => folder.remove())

  const loaded = async (result: TrainResult) => ({
    digest: digestOf(result),
    featureVersion: result.featureVersion,
    actionPolicy: result.actionPolicy,
    artifact: await readFile(result.artifactFile),
  })
  async function evaluated(candidate: TrainResult, against = production): Promise<EvaluationReport> {
    const { snapshot, dataFile } = folder.request(draft)
    return project.evaluate({
      snapshot,
      snapshotDigest: digestOf(snapshot),
      dataFile,
      candidate: await loaded(candidate),
      production: await loaded(against),
      gates: project.gates,
    })
  }
  const failed = ({ gates }: EvaluationReport) => gates.filter(({ passed }) => !passed).map(({ name }) => name)
  const train = (parameters: Record<string, number | string | boolean> = {}) =>
    project.train(folder.request(draft, { ...quick, ...parameters }), () => {})

  it('an honest one passes every gate and costs less than the lane rate', async () => {
    const report = await evaluated(await train())
    expect(report.gates.map(({ name }) => name)).toEqual(project.gates.required)
    expect(failed(report), JSON.stringify(report.gates)).toEqual([])
    expect(report.metrics.candidate?.cost).toBeLessThan(report.metrics.production?.cost ?? 0)
  })

  it('one equal to production does not improve the cost', async () => {
    expect(failed(await evaluated(production))).toEqual(['cost_improves'])
  })

  it('one that is worse than production is held for its cost, with both numbers', async () => {
    const report = await evaluated(production, await train())
    const cost = report.gates.find(({ name }) => name === 'cost_improves')
    expect(cost).toMatchObject({ passed: false })
    expect(cost?.value ?? 0).toBeGreaterThan(cost?.threshold ?? 1)
    expect(cost?.detail).toMatch(/^0\.\d+ cost points per flight, against 0\.\d+ of production on the same rows$/)
  })

  it.each([
    ['the arrival itself', { leak: true }, /elapsed_ratio is known only at arrival; elapsed_ratio alone has AUC/],
    ['a feature that is empty here', { leak: 'departure_delay' }, /departure_delay is known only at departure/],
    [
      'the held-out days',
      { heldOutDays: 3 },
      /trained on days up to 2013-01-26, but days from 2013-01-22 are held out/,
    ],
  ])('one that learned from %s is held for no_leakage', async (_what, parameters, detail) => {
    const report = await evaluated(await train(parameters))
    expect(failed(report)).toContain('no_leakage')
    expect(report.gates.find(({ name }) => name === 'no_leakage')?.detail).toMatch(detail)
  })

  it('rows that are not those of the manifest fail the schema gate', async () => {
    const { snapshot, dataFile } = folder.request(draft)
    const release = await loaded(production)
    const evaluate = (manifest: typeof snapshot) =>
      project.evaluate({
        snapshot: manifest,
        snapshotDigest: '',
        dataFile,
        candidate: release,
        production: release,
        gates: project.gates,
      })
    const detailOf = async (manifest: typeof snapshot) =>
      (await evaluate(manifest)).gates.find(({ name }) => name === 'schema_valid')
    expect(await detailOf(snapshot)).toMatchObject({ passed: true })
    expect(await detailOf({ ...snapshot, rows: snapshot.rows - 1 })).toMatchObject({
      passed: false,
      detail: expect.stringMatching(/3360 rows, the manifest says 3359/) as string,
    })
    expect(await detailOf({ ...snapshot, cutoff: new Date(at(DAYS - 1)).toISOString() })).toMatchObject({
      passed: false,
      detail: expect.stringMatching(/rows hold facts from after the cutoff/) as string,
    })
    expect(await detailOf({ ...snapshot, rejected: [{ reason: 'delay outside', rows: 60 }] })).toMatchObject({
      passed: false,
      detail: expect.stringMatching(/60 rows of the source could not be used/) as string,
    })
  })
})
