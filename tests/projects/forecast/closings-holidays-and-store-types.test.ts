/** What a file may say of a series and day besides the count, and what it must not become. */
import { expect, it } from 'vitest'
import { DAY_MS } from '../../../contracts/duration.js'
import { readRows } from '../../../projects/forecast/counts/demand-rows.js'
import { dayText, type History, historyUntil } from '../../../projects/forecast/counts/history.js'
import { openDemand } from '../../../projects/forecast/counts/open-demand.js'
import { type DemandInput, inputAt } from '../../../projects/forecast/features/demand-input.js'
import { featuresOf } from '../../../projects/forecast/features/matrix.js'
import { momentumOf } from '../../../projects/forecast/features/momentum.js'
import { type Example, examplesIn, matrixOf } from '../../../projects/forecast/forecast-examples.js'
import { leakageGate } from '../../../projects/forecast/gates/leakage.js'
import { schemaGate } from '../../../projects/forecast/gates/schema.js'
import { slicesOf } from '../../../projects/forecast/gates/slices.js'
import { project } from '../../../projects/forecast/index.js'
import { forecastModelFile, namesOf } from '../../../projects/forecast/model/artifact.js'
import { THRESHOLDS } from '../../../projects/forecast/policy.js'
import { collectProblems } from '../../../projects/kit/source-problems.js'
import type { ReplayEvent } from '../../../projects/project.js'
import { evaluated, FIRST, imported, midnight, testFolder, trained } from './demand-files.js'

const folder = testFolder()
const DAYS = 182
const CUTOFF = dayText(FIRST + DAYS)
const STORES = ['A', 'B', 'C', 'D']
const isHoliday = (day: number): boolean => day % 50 >= 30 && day % 50 < 44
/** Store A is renovated for six weeks that end two weeks before the cutoff, and closed for a day of the future. */
const isClosed = (store: string, day: number): boolean =>
  store === 'A' && ((day >= DAYS - 56 && day < DAYS - 14) || day === DAYS + 9)
const sold = (store: string, day: number): number =>
  Math.round((store < 'C' ? 20 : 10) * (isHoliday(day) ? (store < 'C' ? 0.5 : 2) : 1)) + ((day * 7) % 3)

const HEADER = 'date,series,count,promoted'
const MARKED = `${HEADER},closed,school_holiday,store_type`
function countsOf(days: number, { marked }: { marked: boolean }): string[] {
  return Array.from({ length: days }, (_, day) =>
    STORES.map((store) => {
      const closed = isClosed(store, day)
      const plain = [dayText(FIRST + day), store, closed ? 0 : sold(store, day), 0]
      return [...plain, ...(marked ? [closed ? 1 : 0, isHoliday(day) ? 1 : '', store < 'C' ? 'city' : 'village'] : [])]
    }),
  ).flatMap((rows) => rows.map((cells) => cells.join()))
}
const file = (name: string, days: number, marked: boolean): Promise<string> =>
  folder.write(name, [marked ? MARKED : HEADER, ...countsOf(days, { marked })].join('\n'))

const SMALL = { rows: 1_000, epochs: 1, trainDays: 120 } as const
const seriesOf = (history: History, code: string) => {
  const series = history.series.find((one) => one.code === code)
  if (!series) throw new Error(`${code} is gone`)
  return series
}

it('a closed day is neither a zero of an input, nor an example, nor a count of the snapshot', async () => {
  const { snapshot, dataFile } = await imported(folder, await file('closed.csv', DAYS, true), CUTOFF)
  const history = await readRows(dataFile)
  const a = seriesOf(history, 'A')
  expect(snapshot.rows).toBe(DAYS * STORES.length - 42)
  expect(snapshot.rejected).toEqual([{ reason: 'days on which single series were closed', rows: 42 }])
  expect(schemaGate(snapshot, history, THRESHOLDS)).toMatchObject({ passed: true, value: 0 })
  const input = inputAt(history, a, DAYS - 1, 7)
  const known = input.recent.slice(-56)
  expect(known.filter((count) => count === null)).toHaveLength(42)
  expect(known.filter((count) => count === 0)).toEqual([])
  const examples = examplesIn(history, { from: 0, until: DAYS }, 7).filter(({ series }) => series === a)
  expect(examples.filter(({ target }) => isClosed('A', target))).toEqual([])
  expect(examples.length).toBeGreaterThan(30)
})

it('no forecast is asked for a day on which the series is marked as closed, and the others are', async () => {
  const source = await file('ahead.csv', DAYS + 20, true)
  const events: ReplayEvent<DemandInput>[] = []
  const from = midnight(CUTOFF)
  for await (const event of project.replay({ source, from, to: from + 5 * DAY_MS })) events.push(event)
  const asked = (store: string) => events.filter(({ input }) => input.series === store).map(({ input }) => input.day)
  expect(asked('B')).toHaveLength(5)
  expect(asked('B').filter((day) => !asked('A').includes(day))).toEqual([dayText(FIRST + DAYS + 9)])
})

it('school holidays and types are features of the network where the data have them, and only there', async () => {
  const marked = await imported(folder, await file('marked.csv', DAYS, true), CUTOFF)
  const plain = await imported(folder, await file('plain.csv', DAYS, false), CUTOFF)
  expect(marked.snapshot.columns.map(({ name }) => name)).toEqual([
    ...plain.snapshot.columns.map(({ name }) => name),
    'closed',
    'schoolHolidays',
    'storeType',
  ])
  const release = await trained(marked, 'network', SMALL)
  const without = await trained(plain, 'network', SMALL)
  expect([release.featureVersion, without.featureVersion]).toEqual(['demand_lags_v3', 'demand_lags_v1'])
  expect(forecastModelFile.decode(release).storeTypes).toEqual(['city', 'village'])
  expect(forecastModelFile.decode(without)).not.toHaveProperty('storeTypes')

  const report = await evaluated(marked, release, release)
  expect(report.gates.find(({ name }) => name === 'no_leakage')).toMatchObject({ passed: true })

  // An input with and without what the file says: the one release reads it, the other answers as before.
  const history = await readRows(marked.dataFile)
  const told = inputAt(history, seriesOf(history, 'B'), DAYS - 1, 7)
  const { schoolHoliday, schoolHolidaysAgo, storeType, ...silent } = told
  expect([schoolHoliday, storeType, schoolHolidaysAgo?.length]).toEqual([true, 'city', 28])
  for (const input of [told, silent]) expect(project.inputSchema?.parse(input)).toEqual(input)
  const answers = async (loaded: typeof release) => (await project.load(loaded)).score([told, silent])
  const [one, other] = await answers(without)
  expect(one).toEqual(other)
  const [read, unread] = await answers(release)
  expect(read).not.toEqual(unread)
  for (const value of Object.values(unread ?? {})) expect(Number.isFinite(value)).toBe(true)
})

it('features of holidays and types are those of the target day, and change with no later count', async () => {
  const { history } = await openDemand(await file('features.csv', DAYS, true), FIRST + DAYS)
  const b = seriesOf(history, 'B')
  const names = namesOf({ featureVersion: 'demand_lags_v3' })
  const valuesAt = (target: number) => {
    const matrix = featuresOf([inputAt(history, b, target, 7)], 1, names, momentumOf(history), ['village', 'city'])
    return Object.fromEntries(names.map((name, column) => [name, matrix.values[column]]))
  }
  const [inside, outside] = [valuesAt(132), valuesAt(144)]
  expect(inside).toMatchObject({ school_holiday: 1, school_holiday_share_7: 0, store_type_1: 0, store_type_2: 1 })
  expect(outside).toMatchObject({ school_holiday: 0, school_holiday_share_7: 1, school_holiday_share_28: 8 / 28 })
  // About half of what is usual is sold in the holidays.
  expect(inside.same_holiday_level).toBeLessThan(-0.4)
  expect(outside.same_holiday_level).toBeGreaterThan(0)
  const heldOut = examplesIn(history, { from: DAYS - 14, until: DAYS }, 7)
  const held = { history, heldOut, heldOutFrom: FIRST + DAYS - 14, trainedUntil: FIRST + DAYS - 28, names }
  const columnsOf = (seen: History, rows: readonly Example[]) =>
    matrixOf(seen, rows, names, momentumOf(seen), ['city', 'village']).values
  expect(leakageGate({ ...held, columnsOf })).toMatchObject({ passed: true, value: 0 })
  const answers = { outputs: heldOut.map(() => ({ usual: 5, q50: 5 })), short: [], losses: [] } as never
  const both = { history, heldOut, labels: new Float64Array(heldOut.length), candidate: answers, production: answers }
  expect(slicesOf(both, THRESHOLDS).map(({ name }) => name)).toContain('school holidays')
})

it('closings after the cutoff leave no trace in the snapshot', async () => {
  const { history } = await openDemand(await file('later.csv', DAYS + 20, true), FIRST)
  expect(seriesOf(historyUntil(history, FIRST + 100), 'A')).not.toHaveProperty('closed')
  expect(seriesOf(historyUntil(history, FIRST + DAYS), 'A').closed?.length).toBe(DAYS)
})

it('a check names all faults of these columns at once', async () => {
  const rows = countsOf(DAYS, { marked: true })
  const spoil = (row: number, cells: Record<number, string>) => {
    const given = (rows[row - 1] as string).split(',')
    for (const [place, text] of Object.entries(cells)) given[Number(place)] = text
    rows[row - 1] = given.join()
  }
  spoil(5, { 4: 'yes' })
  spoil(6, { 2: '12', 4: '1' })
  spoil(7, { 5: '2' })
  spoil(8, { 6: 'town' })
  spoil(12, { 6: 't'.repeat(81) })
  spoil(13, { 2: '' })
  const source = await folder.write('faults.csv', [MARKED, ...rows].join('\n'))
  const problems = collectProblems()
  const request = { source, cutoff: midnight(CUTOFF), outFolder: folder.path('none'), problems }
  await project.importSnapshot(request).catch(() => undefined)
  expect(problems.list().map(({ problem, places }) => `${problem}: ${places[0]?.slice(0, 24)}`)).toEqual(
    expect.arrayContaining([
      'faults.csv: closed is not 0 or 1: row 5 "yes"',
      'faults.csv: count is not 0 or empty, though the row says closed: row 6 "12"',
      'faults.csv: school_holiday is not 0 or 1: row 7 "2"',
      'faults.csv: store_type is not the type village of D in an earlier row: row 8 "town"',
      'faults.csv: store_type is not at most 80 characters: row 12 "tttttttttttttttt',
      'faults.csv: count is not a whole number: row 13 ""',
    ]),
  )
  await expect(project.importSnapshot({ ...request, problems: undefined } as never)).rejects.toThrow(
    'faults.csv row 5: closed is "yes", which is not 0 or 1',
  )
})
