import { mkdir, readdir } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { dayText } from '../../../projects/forecast/counts/history.js'
import { project } from '../../../projects/forecast/index.js'
import { FIRST, HEADER, midnight, orderLine, testFolder, tidyLines } from './demand-files.js'

const folder = testFolder()
const DAYS = 140
const COUNTS = 'date,series,count'

/** One row a series and day, Sundays and all. */
const counts = (days: number, codes: readonly string[] = ['A', 'B']): string[] =>
  Array.from({ length: days }, (_, index) => dayText(FIRST + index)).flatMap((day) =>
    codes.map((code) => `${day},${code},${code === 'A' ? 3 : 2}`),
  )
const table = (header: string, rows: readonly string[]): string => [header, ...rows].join('\n')
const daily = (rows: readonly string[]): string => table(COUNTS, rows)
const lines = (...more: string[]): string => table(HEADER, [...tidyLines(DAYS), ...more])

const bad: Record<string, { name: string; content: string | Buffer; cutoff?: string; says: RegExp }> = {
  empty: { name: 'empty.csv', content: '', says: /empty\.csv is empty; give a CSV/ },
  'only a header': { name: 'header.csv', content: `${HEADER}\n`, says: /header\.csv has a header and no rows/ },
  'no table': { name: 'picture.csv', content: Buffer.from([0x89, 0x50, 0, 1, 2]), says: /picture\.csv is not CSV/ },
  'a truncated gzip': {
    name: 'cut.csv.gz',
    content: gzipSync(lines()).subarray(0, 900),
    says: /cut\.csv\.gz is truncated: the gzip stream ends early/,
  },
  'a truncated last line': { name: 'cut.csv', content: lines('536365,A,"A'), says: /cut\.csv .*(truncated|CSV)/ },
  'other columns': {
    name: 'columns.csv',
    content: lines().replace('StockCode', 'Sku'),
    says: /lacks StockCode; give it the columns Invoice, StockCode.* or date, series, count/,
  },
  'a quantity in words': {
    name: 'words.csv',
    content: lines(orderLine(FIRST, 'A').replace(',1,', ',one,')),
    says: /row 241: Quantity is "one", which is not a whole number/,
  },
  'a day that does not exist': {
    name: 'day.csv',
    content: lines(orderLine(FIRST, 'A').replace('2024-01-01', '2024-02-30')),
    says: /row 241: InvoiceDate is "2024-02-30 10:00", which is not a date such as/,
  },
  'no stock code': {
    name: 'code.csv',
    content: lines(orderLine(FIRST, '')),
    says: /row 241: StockCode is "", which is not a value/,
  },
  'nothing but cancellations': {
    name: 'cancelled.csv',
    content: table(HEADER, [orderLine(FIRST, 'A', { invoice: 'C1', quantity: -1 })]),
    says: /has 1 lines and none of them is a sale/,
  },
  'a hole in the delivery': {
    name: 'hole.csv',
    content: table(
      HEADER,
      tidyLines(DAYS).filter((line) => !/2024-03-(0[5-9]|1\d|2[0-5])/.test(line)),
    ),
    says: /has no line from 2024-03-05 to 2024-03-25, 21 days; a closure lasts 14 days at most: add the missing days/,
  },
  'a negative count': {
    name: 'negative.csv',
    content: daily([...counts(DAYS), `${dayText(FIRST + DAYS)},A,-2`]),
    says: /row 281: count is "-2", which is not zero or more; a return of A belongs to the day it was sold/,
  },
  'half a count': {
    name: 'half.csv',
    content: daily(counts(DAYS).map((row) => row.replace('2024-02-01,A,3', '2024-02-01,A,1.5'))),
    says: /count is "1\.5", which is not a whole number/,
  },
  'a gap of missing days': {
    name: 'gap.csv',
    content: daily(counts(DAYS).filter((row) => !/2024-02-0[789],B/.test(row))),
    says: /gap\.csv has days without a row for 1 of 2 series \(B on 2024-02-07 to 2024-02-09, 3 days in total\); at most 20 % may be left out: add the missing rows, with 0 only for days/,
  },
  'two rows for one day': {
    name: 'two.csv',
    content: daily([...counts(DAYS), '2024-02-01,A,3']),
    says: /row 281: date is "2024-02-01", which is not the only row of A for that day/,
  },
  'a series with one day': {
    name: 'one.csv',
    content: daily([
      ...counts(DAYS, ['A']).map((row) => row.replace(/,3$/, ',0')),
      `${dayText(FIRST + DAYS - 1)},ONE,4`,
    ]),
    says: /has no series that can be forecast .*1 series with one day only such as ONE.*give at least one with 84 days/,
  },
  'too short a history': {
    name: 'short.csv',
    content: table(HEADER, tidyLines(60)),
    cutoff: '2024-03-01',
    says: /short\.csv has 60 days before the cutoff 2024-03-01.*at least 112 are required/,
  },
  'a few days after the cutoff': {
    name: 'late.csv',
    content: table(HEADER, tidyLines(DAYS + 3)),
    says: /has rows on 3 days after the cutoff 2024-05-20.*2024-05-22; remove them, give a later --cutoff/,
  },
  'a world of another kind': {
    name: 'world.json',
    content: '{"schema":"forecast_world/1","situation":"flood"}',
    says: /world\.json does not describe a world: situation .*"drift"/,
  },
}

for (const [what, { name, content, cutoff = '2024-05-20', says }] of Object.entries(bad)) {
  it(`refuses ${what}, and leaves nothing behind`, async () => {
    const source = await folder.write(name, content)
    const outFolder = folder.path(`out-${what.replaceAll(' ', '-')}`)
    await mkdir(outFolder)
    const request = { source, cutoff: midnight(cutoff), outFolder }
    await expect(project.importSnapshot(request)).rejects.toMatchObject({
      type: 'BadData',
      message: expect.stringMatching(says),
    })
    expect(await readdir(outFolder)).toEqual([])
  })
}

it('refuses a file that does not exist, and a folder', async () => {
  const outFolder = folder.path('out-none')
  await mkdir(outFolder)
  const of = (source: string) => project.importSnapshot({ source, cutoff: midnight('2024-05-20'), outFolder })
  await expect(of(folder.path('nowhere.csv'))).rejects.toThrow(/nowhere\.csv does not exist; give a CSV/)
  await expect(of(outFolder)).rejects.toThrow(/is not a file/)
})

it('takes daily counts with promotions', async () => {
  const rows = counts(DAYS).map((row) => `${row},${row.includes('2024-02-01,A') ? 1 : 0}`)
  const source = await folder.write('iso.csv', table(`${COUNTS},promoted`, rows))
  const outFolder = folder.path('out-iso')
  await mkdir(outFolder)
  const { manifest, dataFile } = await project.importSnapshot({ source, cutoff: midnight('2024-05-20'), outFolder })
  expect(manifest.rows).toBe(2 * DAYS)
  const { readRows } = await import('../../../projects/forecast/counts/demand-rows.js')
  const [a, b] = (await readRows(dataFile)).series
  expect([a?.promoted[31], b?.promoted[31], a?.counts[31]]).toEqual([1, 0, 3])
})

it('refuses daily counts whose dates have two meanings', async () => {
  const rows = counts(DAYS).map((row) => row.replace(/^(\d{4})-(\d{2})-(\d{2})/, '$2/$3/$1'))
  const source = await folder.write('american.csv', table(COUNTS, rows))
  await expect(
    project.importSnapshot({ source, cutoff: midnight('2024-05-20'), outFolder: folder.path('none') }),
  ).rejects.toThrow(
    'american.csv row 1: date is "01/01/2024", which is not a date such as 2011-11-09 in the years 1970 to 9999',
  )
})

it('refuses unknown parameters by name', async () => {
  const request = { snapshot: {} as never, dataFile: 'none', outFolder: '', checkpointFolder: '', seed: 1 }
  await expect(project.train({ ...request, parameters: { epoch: 3 } }, () => {})).rejects.toThrow()
  const { readParameters } = await import('../../../projects/forecast/parameters.js')
  expect(() => readParameters({ epochs: 0 })).toThrow(
    /parameters of forecast: epochs is 0: .*\(known parameters: feed, leak/,
  )
  expect(() => readParameters({ aheadFrom: 9 })).toThrow(/aheadFrom is 9: must not be above aheadTo/)
})
