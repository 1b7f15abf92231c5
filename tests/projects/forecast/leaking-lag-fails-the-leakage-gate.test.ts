import { beforeAll, expect, it } from 'vitest'
import { readRows } from '../../../projects/forecast/counts/demand-rows.js'
import type { History } from '../../../projects/forecast/counts/history.js'
import { FEATURE_VERSIONS } from '../../../projects/forecast/features/definitions.js'
import { momentumOf } from '../../../projects/forecast/features/momentum.js'
import { type Example, examplesIn, matrixOf, splitOf } from '../../../projects/forecast/forecast-examples.js'
import { type LeakageRequest, leakageGate } from '../../../projects/forecast/gates/leakage.js'
import { evaluated, imported, SMALL, smallWorld, testFolder, trained } from './demand-files.js'

const folder = testFolder()
let history: History
let fine: LeakageRequest

const columns = (names: (typeof FEATURE_VERSIONS)[keyof typeof FEATURE_VERSIONS]) =>
  ({
    names,
    columnsOf: (seen: History, rows: readonly Example[]) => matrixOf(seen, rows, names, momentumOf(seen)).values,
  }) satisfies Partial<LeakageRequest>

let snapshot: Awaited<ReturnType<typeof imported>>
beforeAll(async () => {
  snapshot = await imported(folder, await smallWorld(folder), '2023-03-06')
  history = await readRows(snapshot.dataFile)
  const { heldOut } = splitOf(history, { heldOut: 14, calibration: 14, train: 300 })
  fine = {
    history,
    heldOut: examplesIn(history, heldOut, 7),
    heldOutFrom: history.first + heldOut.from,
    trainedUntil: history.first + heldOut.from,
    ...columns(FEATURE_VERSIONS.demand_lags_v2),
  }
})

it('passes every feature in use, including the nightly feed', () => {
  expect(leakageGate(fine)).toMatchObject({ passed: true, value: 0 })
})

it('finds a lag shorter than the horizon by name and by behaviour', () => {
  const { passed, value, detail } = leakageGate({ ...fine, ...columns(FEATURE_VERSIONS.demand_lags_leak) })
  expect(passed).toBe(false)
  expect(value).toBe(1)
  expect(detail).toMatch(/lag_1 is known only after the forecast is made; lag_1 changes with counts of days after/)
})

it('finds a lag one day too short behind an innocent name', () => {
  const short = (lag: number): LeakageRequest => ({
    ...fine,
    names: ['weekday_1', 'level_7'],
    columnsOf: (_seen, rows) =>
      Float64Array.from(
        rows.flatMap(({ series, target }) => [series.counts[target - 7] ?? 0, series.counts[target - lag] ?? 0]),
      ),
  })
  expect(leakageGate(short(7)).passed).toBe(true)
  expect(leakageGate(short(6))).toMatchObject({
    passed: false,
    value: 1,
    detail: 'level_7 changes with counts of days after the last known one',
  })
})

it('finds an undefined feature, and training on held-out days', () => {
  expect(leakageGate({ ...fine, names: ['level_8', ...fine.names.slice(1)] }).detail).toMatch(
    /level_8 is not in the table/,
  )
  const { passed, detail } = leakageGate({ ...fine, trainedUntil: fine.heldOutFrom + 1 })
  expect([passed, detail]).toEqual([false, 'trained on days up to 2023-02-20, but days from 2023-02-20 are held out'])
})

it('fails a candidate trained with a leaking lag, even though its cost improves', async () => {
  const production = await trained(snapshot, 'baseline', 'baseline')
  const leaking = await trained(snapshot, 'leaking', { ...SMALL, leak: true })
  const report = await evaluated(snapshot, leaking, production)
  const gates = Object.fromEntries(report.gates.map(({ name, passed }) => [name, passed]))
  expect(gates).toMatchObject({ no_leakage: false, cost_improves: true, schema_valid: true })
  const overlapping = await trained(snapshot, 'overlap', { rows: 2_000, epochs: 1, heldOutDays: 0 })
  const overlap = await evaluated(snapshot, overlapping, production)
  expect(overlap.gates.find(({ name }) => name === 'no_leakage')?.detail).toMatch(/days from \S+ are held out/)
})
