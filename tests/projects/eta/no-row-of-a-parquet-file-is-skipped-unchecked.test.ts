import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DAY_MS } from '../../../contracts/duration.js'
import { arrowZones } from '../../../projects/eta/flights/arrow-zones.js'
import { shapeOf } from '../../../projects/eta/flights/flight-tables.js'
import { project } from '../../../projects/eta/index.js'
import type { ReplayEvent } from '../../../projects/project.js'
import { type ParquetColumn, parquetFile } from '../../support/parquet-file.js'
import { at, csvOf, DAYS, type Folder, flightsOf, openFolder, type Row } from './flight-files.js'

let folder: Folder
beforeAll(() => {
  folder = openFolder()
})
afterAll(() => folder.remove())

/** A day of the label horizon and the day after it: enough to be replayed. */
const ALL = DAYS + 4
/** A date that is missing, as pandas writes it. */
const NAT = -(2n ** 63n)
const micros = (time: string): bigint => (time === 'NaT' ? NAT : BigInt(Date.parse(`${time}:00Z`)) * 1_000n)

const columnsOf = (rows: readonly Row[]): ParquetColumn[] => [
  { name: 'date', type: 'instant', values: rows.map(([time]) => micros(time)) },
  { name: 'delay', type: 'number', values: rows.map(([, delay]) => Number(delay)) },
  { name: 'distance', type: 'number', values: rows.map(([, , distance]) => Number(distance)) },
  { name: 'origin', type: 'text', values: rows.map(([, , , origin]) => origin) },
  { name: 'destination', type: 'text', values: rows.map(([, , , , destination]) => destination) },
]
/** A row group a day. */
const byDay = (rows: readonly Row[]): Row[][] =>
  Array.from({ length: rows.length / 120 }, (_, day) => rows.slice(day * 120, (day + 1) * 120))
const written = (name: string, rows: readonly Row[], statistics = true) =>
  folder.write(name, parquetFile(byDay(rows).map(columnsOf), statistics))
const withDate = (place: number, time: string): Row[] =>
  flightsOf(ALL).map((row, index): Row => (index === place ? [time, row[1], row[2], row[3], row[4]] : row))

describe('a file with a row group a day and the cutoff inside', () => {
  it.each([true, false])('is the snapshot of the same CSV (statistics: %s)', async (statistics) => {
    // A row after the cutoff that cannot be used: it is counted, whatever its group is.
    const rows = flightsOf(ALL).map(
      (row, index): Row => (index === ALL * 120 - 1 ? [row[0], 9_999, ...row3(row)] : row),
    )
    const parquet = await folder.snapshot(written('days.parquet', rows, statistics), at(DAYS))
    const csv = await folder.snapshot(folder.write('days.csv', csvOf(rows)), at(DAYS))
    expect(parquet.rows).toEqual(csv.rows)
    expect(parquet.rows).toHaveLength(DAYS * 120)
    expect(parquet.manifest.rejected).toMatchObject([{ reason: 'delay outside -120..1440 minutes', rows: 1 }])
    expect(csv.manifest.rejected).toEqual(parquet.manifest.rejected)
  })

  it('is replayed a day at a time, with every flight of the day', async () => {
    const source = written('replay.parquet', flightsOf(ALL))
    const events: ReplayEvent[] = []
    for await (const event of project.replay({ source, from: at(DAYS), to: at(DAYS) + DAY_MS })) events.push(event)
    expect(events).toHaveLength(120)
  })
})

const row3 = (row: Row): [number | string, string, string] => [row[2], row[3], row[4]]

describe('a date that does not exist is bad data, and its row group is not left out', () => {
  it.each([
    ['before the cutoff, with statistics', 1_210, true],
    ['before the cutoff, without', 1_210, false],
    ['after the cutoff, with statistics', (ALL - 1) * 120 + 10, true],
    ['after the cutoff, without', (ALL - 1) * 120 + 10, false],
  ])('%s', async (_what, place, statistics) => {
    const file = written('nat.parquet', withDate(place, 'NaT'), statistics)
    await expect(folder.snapshot(file, at(DAYS))).rejects.toMatchObject({
      type: 'BadData',
      message: `nat.parquet row ${place + 1}: date is "NaT", which is not a time such as 2001-03-10T08:15 in the years 1970 to 9999`,
    })
  })

  it('in a replay', async () => {
    const source = written('replayed-nat.parquet', withDate(DAYS * 120 + 7, 'NaT'))
    const replayed = async () => {
      for await (const event of project.replay({ source, from: at(DAYS), to: at(DAYS) + DAY_MS }))
        expect(event).toBeDefined()
    }
    await expect(replayed()).rejects.toMatchObject({
      type: 'BadData',
      message: expect.stringContaining('date is "NaT"'),
    })
  })

  it('a year that no database holds', async () => {
    const file = written('far.parquet', withDate(5, '+020000-01-01T05:00'))
    await expect(folder.snapshot(file, at(DAYS))).rejects.toMatchObject({
      type: 'BadData',
      message: expect.stringContaining('row 6: date is "+020000-01-01T05:00:00.000Z", which is not a time'),
    })
  })
})

it('a column that is there twice is refused by name', async () => {
  const columns = columnsOf(flightsOf(1))
  const file = folder.write('twice.parquet', parquetFile([[...columns, columns[1] as ParquetColumn]]))
  await expect(folder.snapshot(file, at(DAYS))).rejects.toMatchObject({
    type: 'BadData',
    message: 'twice.parquet has the column delay more than once, at places 2 and 6; remove or rename all but one',
  })
})

it('text that is not UTF-8 is refused with the rows that hold it', async () => {
  const groups = byDay(flightsOf(2)).map(columnsOf)
  const latin1 = Buffer.from('Zürich', 'latin1')
  const origins = groups[1]?.[3]?.values.map((origin) => (origin === 'JFK' ? latin1 : origin)) as (
    | string
    | Uint8Array
  )[]
  const second = (groups[1] ?? []).map(
    (column): ParquetColumn => (column.name === 'origin' ? { name: 'origin', type: 'text', values: origins } : column),
  )
  const file = folder.write('latin1.parquet', parquetFile([groups[0] ?? [], second]))
  await expect(folder.snapshot(file, at(DAYS))).rejects.toMatchObject({
    type: 'BadData',
    message: 'latin1.parquet rows 121 to 240 hold text that is not UTF-8, such as "Zürich"; write it as UTF-8',
  })
})

describe('a page that states more values than its row group has', () => {
  // The reader would take memory for as many: eight gigabytes.
  it.each([1_000_000_000, 121, -1])('is bad data: %s of 120', async (stated) => {
    const rows = byDay(flightsOf(ALL)).map(columnsOf)
    const file = folder.write('pages.parquet', parquetFile(rows, true, stated))
    await expect(folder.snapshot(file, at(DAYS))).rejects.toMatchObject({
      type: 'BadData',
      message: `pages.parquet cannot be read as Parquet (date: a page of ${stated} values where there is room for 120); it is damaged`,
    })
  })
})

describe('a time zone of the column of dates', () => {
  // Arrow's schema of the same columns, as pyarrow 26 writes it: timestamp[ms] with a zone, an offset, UTC and none.
  const ARROW = {
    'America/New_York':
      '/////2ABAAAQAAAAAAAKAAwABgAFAAgACgAAAAABBAAMAAAACAAIAAAABAAIAAAABAAAAAUAAAD8AAAAmAAAAGQAAAA0AAAABAAAACj///8AAAEFEAAAABwAAAAEAAAAAAAAAAsAAABkZXN0aW5hdGlvbgDY////VP///wAAAQUQAAAAHAAAAAQAAAAAAAAABgAAAG9yaWdpbgAABAAEAAQAAACA////AAABAxAAAAAcAAAABAAAAAAAAAAIAAAAZGlzdGFuY2UAAAAAdv///wAAAgCw////AAABChAAAAAgAAAABAAAAAAAAAAEAAAAZGF0ZQAAAAAIAAwABgAIAAgAAAAAAAEABAAAABAAAABBbWVyaWNhL05ld19Zb3JrAAAAABAAFAAIAAYABwAMAAAAEAAQAAAAAAABAxAAAAAcAAAABAAAAAAAAAAFAAAAZGVsYXkABgAIAAYABgAAAAAAAgAAAAAA',
    '+02:00':
      '/////1ABAAAQAAAAAAAKAAwABgAFAAgACgAAAAABBAAMAAAACAAIAAAABAAIAAAABAAAAAUAAADwAAAAmAAAAGQAAAA0AAAABAAAADT///8AAAEFEAAAABwAAAAEAAAAAAAAAAsAAABkZXN0aW5hdGlvbgDY////YP///wAAAQUQAAAAHAAAAAQAAAAAAAAABgAAAG9yaWdpbgAABAAEAAQAAACM////AAABAxAAAAAcAAAABAAAAAAAAAAIAAAAZGlzdGFuY2UAAAAAgv///wAAAgC8////AAABChAAAAAgAAAABAAAAAAAAAAEAAAAZGF0ZQAAAAAIAAwABgAIAAgAAAAAAAEABAAAAAYAAAArMDI6MDAAABAAFAAIAAYABwAMAAAAEAAQAAAAAAABAxAAAAAcAAAABAAAAAAAAAAFAAAAZGVsYXkABgAIAAYABgAAAAAAAgA=',
    UTC: '/////1ABAAAQAAAAAAAKAAwABgAFAAgACgAAAAABBAAMAAAACAAIAAAABAAIAAAABAAAAAUAAADsAAAAmAAAAGQAAAA0AAAABAAAADj///8AAAEFEAAAABwAAAAEAAAAAAAAAAsAAABkZXN0aW5hdGlvbgDY////ZP///wAAAQUQAAAAHAAAAAQAAAAAAAAABgAAAG9yaWdpbgAABAAEAAQAAACQ////AAABAxAAAAAcAAAABAAAAAAAAAAIAAAAZGlzdGFuY2UAAAAAhv///wAAAgDA////AAABChAAAAAgAAAABAAAAAAAAAAEAAAAZGF0ZQAAAAAIAAwABgAIAAgAAAAAAAEABAAAAAMAAABVVEMAEAAUAAgABgAHAAwAAAAQABAAAAAAAAEDEAAAABwAAAAEAAAAAAAAAAUAAABkZWxheQAGAAgABgAGAAAAAAACAAAAAAA=',
    none: '/////zgBAAAQAAAAAAAKAAwABgAFAAgACgAAAAABBAAMAAAACAAIAAAABAAIAAAABAAAAAUAAADYAAAAmAAAAGQAAAA0AAAABAAAAEz///8AAAEFEAAAABwAAAAEAAAAAAAAAAsAAABkZXN0aW5hdGlvbgDY////eP///wAAAQUQAAAAHAAAAAQAAAAAAAAABgAAAG9yaWdpbgAABAAEAAQAAACk////AAABAxAAAAAcAAAABAAAAAAAAAAIAAAAZGlzdGFuY2UAAAAAmv///wAAAgDU////AAABChAAAAAYAAAABAAAAAAAAAAEAAAAZGF0ZQAAAADG////AAABABAAFAAIAAYABwAMAAAAEAAQAAAAAAABAxAAAAAcAAAABAAAAAAAAAAFAAAAZGVsYXkABgAIAAYABgAAAAAAAgA=',
  } as const
  const imported = (zone: keyof typeof ARROW) => {
    const name = `zone-${Object.keys(ARROW).indexOf(zone)}.parquet`
    const file = folder.write(name, parquetFile(byDay(flightsOf()).map(columnsOf), true, undefined, ARROW[zone]))
    return folder.snapshot(file, at(DAYS))
  }

  it.each(['America/New_York', '+02:00'] as const)('%s is refused, as an offset in CSV is', async (zone) => {
    await expect(imported(zone)).rejects.toMatchObject({
      type: 'BadData',
      message: expect.stringContaining(
        `has the time zone ${zone} in date, so its hours are stored in UTC; write local times without a zone`,
      ),
    })
  })

  it.each(['UTC', 'none'] as const)('%s is the clock of the source', async (zone) => {
    expect((await imported(zone)).rows).toHaveLength(DAYS * 120)
  })

  it('a schema of Arrow that is damaged says nothing', () => {
    for (const value of ['', 'AAAA', ARROW.UTC.slice(0, 90), ARROW['+02:00'].replaceAll('A', '/')])
      expect([...arrowZones({ key_value_metadata: [{ key: 'ARROW:schema', value }] })]).toEqual([])
  })
})

it('a list in place of a value is named for what it is', () => {
  const columns = ['date', 'distance', 'origin', 'destination']
  expect(() => shapeOf({ name: 'lists.parquet', columns, nested: ['delay', 'other'] })).toThrow(
    'lists.parquet has lists or structs in delay; write one value a row',
  )
})
