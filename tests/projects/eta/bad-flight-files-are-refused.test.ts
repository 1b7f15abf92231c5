import { openSync, readdirSync, readSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SlipwayError } from '../../../contracts/failure.js'
import { at, csvOf, DAYS, type Folder, flightsOf, HEADER, openFolder, type Row } from './flight-files.js'

let folder: Folder
beforeAll(() => {
  folder = openFolder()
})
afterAll(() => folder.remove())

/** What is said of a file; it must be the data's fault, and nothing may have been written. */
async function refusal(file: string, cutoff = at(DAYS)): Promise<string> {
  const before = readdirSync(folder.path, { recursive: true, encoding: 'utf8' })
  const [ended] = await Promise.allSettled([folder.snapshot(file, cutoff)])
  if (ended?.status !== 'rejected') throw new Error('it was accepted')
  const error = ended.reason as SlipwayError
  expect(error, String(error)).toBeInstanceOf(SlipwayError)
  expect(error.type).toBe('BadData')
  expect(error.message).not.toContain('\n')
  const added = readdirSync(folder.path, { recursive: true, encoding: 'utf8' }).filter((name) => !before.includes(name))
  expect(added.filter((name) => name.includes('flights.csv'))).toEqual([])
  return error.message
}

const good = csvOf(flightsOf())
/** The good rows with some put in the place of the first ones. */
const withRows = (...rows: (string | number)[][]) => csvOf([...rows, ...flightsOf().slice(rows.length)])
const FINE: Row = ['2013-01-01T05:00', 3, 700, 'JFK', 'LAX']
const withCell = (index: number, value: string | number) =>
  withRows(FINE.map((cell, i) => (i === index ? value : cell)))

function defaultFileStart(bytes: number): Buffer {
  const file = join(
    dirname(createRequire(import.meta.url).resolve('vega-datasets')),
    '..',
    'data',
    'flights-3m.parquet',
  )
  const start = Buffer.alloc(bytes)
  readSync(openSync(file, 'r'), start, 0, bytes, 0)
  return start
}

describe('a file that is not a table', () => {
  it('that does not exist', async () => {
    expect(await refusal(join(folder.path, 'nowhere.csv'))).toMatch(/nowhere\.csv does not exist; give a CSV/)
  })
  it('a folder', async () => {
    expect(await refusal(folder.path)).toMatch(/is not a file but a folder; give a CSV/)
  })
  it.each([
    ['empty.csv', '', /empty\.csv is empty; give a CSV/],
    ['header.csv', `${HEADER}\n`, /has a header and no rows; give a CSV/],
    ['data.json', '[{"date": "2013-01-01", "delay": 3}]', /is neither CSV nor Parquet; give a CSV/],
    ['page.html', '<html><body>moved, sorry</body></html>', /is neither CSV nor Parquet/],
    ['picture.png', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), /is neither CSV nor Parquet/],
    ['cut.csv.gz', gzipSync(good).subarray(0, 4_000), /cut\.csv\.gz is truncated: the gzip stream ends early/],
    [
      'rotten.csv.gz',
      Buffer.concat([gzipSync(good).subarray(0, 200), Buffer.alloc(900, 7)]),
      /rotten\.csv\.gz cannot be unpacked \(.*\): it is damaged, or other bytes follow the gzip stream; pack it again/,
    ],
    ['cut.parquet', defaultFileStart(100_000), /cut\.parquet cannot be read as Parquet .*probably truncated/],
    [
      'cut.csv',
      good.slice(0, good.lastIndexOf(',')),
      /line 3361 has not as many fields as the header; the file is truncated/,
    ],
  ])('%s', async (name, content, message) => {
    expect(await refusal(folder.write(name, content))).toMatch(message)
  })
})

describe('a table of something else', () => {
  it.each([
    ['date,delay,distance,origin', /lacks destination; give it the columns date, delay, distance, origin, destination/],
    ['id,name,price,stock,colour', /has columns id, name, price, stock, colour and lacks .*date/],
    ['year,month,day,hour,minute,carrier,origin,dest,distance', /lacks dep_delay, arr_delay, flight, air_time/],
  ])('%s', async (header, message) => {
    const rows = [header.split(',').map(() => '1')]
    expect(await refusal(folder.write('other.csv', csvOf(rows, header)))).toMatch(message)
  })
})

describe('a cell of the wrong type names row, column, value and what it should be', () => {
  it.each([
    [0, 'yesterday', /row 1: date is "yesterday", which is not a time such as 2001-03-10T08:15/],
    [0, '2013-02-30T05:00', /row 1: date is "2013-02-30T05:00"/],
    [0, '', /row 1: date is ""/],
    [1, 'soon', /row 1: delay is "soon", which is not a number/],
    [1, 'NaN', /row 1: delay is "NaN"/],
    [1, 'Infinity', /row 1: delay is "Infinity"/],
    [1, '0x10', /row 1: delay is "0x10"/],
    [2, '', /row 1: distance is "", which is not a number/],
    [2, 'far', /row 1: distance is "far"/],
    [3, 'newark', /row 1: origin is "newark", which is not an airport code of three capitals/],
    [4, 'NA', /row 1: destination is "NA", which is not a value/],
  ])('column %i: %s', async (column, value, message) => {
    expect(await refusal(folder.write('cell.csv', withCell(column, value)))).toMatch(message)
  })

  const header = 'year,month,day,dep_delay,arr_delay,carrier,flight,origin,dest,air_time,distance,hour,minute'
  const fine = [2013, 1, 1, 0, 0, 'AA', 1, 'JFK', 'BOS', 40, 187, 5, 0]
  it.each([
    ['month', 13, /row 1: month is "13", which is not a whole number from 1 to 12/],
    ['day', 1.5, /row 1: day is "1.5", which is not a whole number/],
    ['day', 31, /row 1: day is "2013-2-31", which is not a date that exists/],
    ['hour', 25, /row 1: hour is "25"/],
    ['minute', 75, /row 1: minute is "75"/],
    ['carrier', 'NA', /row 1: carrier is "NA", which is not a value/],
  ])('%s: %s', async (column, value, message) => {
    const month = column === 'day' && value === 31 ? 2 : 1
    const row = fine.map((cell, i) => {
      const name = header.split(',')[i]
      return name === column ? value : name === 'month' ? month : cell
    })
    expect(await refusal(folder.write('events.csv', csvOf([row], header)))).toMatch(message)
  })
})

describe('rows that contradict one another', () => {
  it('days out of order', async () => {
    const rows = flightsOf()
    const swapped = [...rows.slice(0, 120), ...rows.slice(240, 360), ...rows.slice(120, 240), ...rows.slice(360)]
    expect(await refusal(folder.write('order.csv', csvOf(swapped)))).toMatch(
      /row 241: 2013-01-02 comes after 2013-01-03; sort the file by date/,
    )
  })

  it('many flights twice', async () => {
    const rows = flightsOf()
    const twice = [...rows.slice(0, 6), ...rows.slice(0, 120), ...rows.slice(120)]
    expect(await refusal(folder.write('twice.csv', csvOf(twice)))).toMatch(
      /has 6 duplicate keys, first row 7: 2013-01-01T05:00 .*; keep one row for each flight/,
    )
  })

  it('a few rows after the cutoff, too few to replay', async () => {
    const rows = [...flightsOf(), ...flightsOf(DAYS + 1).slice(-3)]
    expect(await refusal(folder.write('strays.csv', csvOf(rows)))).toMatch(
      /has 3 rows dated after the cutoff 2013-01-29T00:00:00.000Z, the first 2013-01-29T\S+; remove them, give a later --cutoff, or add rows/,
    )
  })

  it.each([
    ['no row before the cutoff', flightsOf(), at(0), /has 3360 rows dated after the cutoff|has 0 outcomes on 0 days/],
    [
      'too few days',
      flightsOf(20),
      at(20),
      /has \d+ outcomes on 20 days before the cutoff .*; at least 2000 on 21 days/,
    ],
    ['too few flights', flightsOf().filter((_, index) => index % 2 === 0), at(DAYS), /has 16\d\d outcomes on 28 days/],
  ])('%s', async (_what, rows, cutoff, message) => {
    expect(await refusal(folder.write('few.csv', csvOf(rows)), cutoff)).toMatch(message)
  })
})

describe('impossible numbers', () => {
  const absurd: Row[] = [
    ['2013-01-01T05:00', 1_441, 700, 'JFK', 'LAX'],
    ['2013-01-01T05:01', -121, 700, 'JFK', 'LAX'],
    ['2013-01-01T05:02', 3, 0, 'JFK', 'LAX'],
    ['2013-01-01T05:03', 3, 6_001, 'JFK', 'LAX'],
  ]
  const edge: Row[] = [
    ['2013-01-01T05:04', 1_440, 700, 'JFK', 'LAX'],
    ['2013-01-01T05:05', -120, 700, 'JFK', 'LAX'],
    ['2013-01-01T05:06', 3, 6_000, 'JFK', 'LAX'],
  ]

  it('a few are rejected and counted by reason; none is clipped', async () => {
    const file = folder.write('absurd.csv', csvOf([...absurd, ...edge, ...flightsOf().slice(7)]))
    const { rows, manifest } = await folder.snapshot(file, at(DAYS))
    expect(manifest.rejected).toEqual([
      {
        reason: 'delay outside -120..1440 minutes',
        rows: 2,
        examples: [
          'row 1: 2013-01-01T05:00 JFK-LAX, delay 1441, 700 miles',
          'row 2: 2013-01-01T05:01 JFK-LAX, delay -121, 700 miles',
        ],
      },
      {
        reason: 'distance outside 1..6000 miles',
        rows: 2,
        examples: [
          'row 3: 2013-01-01T05:02 JFK-LAX, delay 3, 0 miles',
          'row 4: 2013-01-01T05:03 JFK-LAX, delay 3, 6001 miles',
        ],
      },
    ])
    expect(rows.length).toBe(DAYS * 120 - 4)
    expect(rows.filter(({ delay }) => delay === 1_440 || delay === -120).length).toBe(2)
  })

  it('more than one in a hundred refuse the file, with the reasons', async () => {
    const rows = flightsOf().map(
      (row, index): Row => (index % 90 === 0 ? [row[0], 9_999, row[2], row[3], row[4]] : row),
    )
    expect(await refusal(folder.write('many.csv', csvOf(rows)))).toMatch(
      /38 of 3360 rows cannot be used: 38 for delay outside -120\.\.1440 minutes \(row 1: .*; row 91: .*; row 181: 2013-01-02T\S+ \w+-\w+, delay 9999, 700 miles\); fix them first, at most 1 % of the rows may be left out/,
    )
  })
})
