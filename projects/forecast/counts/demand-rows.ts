/**
 * The snapshot's counts in a file: one JSON line for the calendar, then one a series. The same counts give the same
 * bytes.
 */
import { open, readFile } from 'node:fs/promises'
import { SlipwayError } from '../../../contracts/failure.js'
import { dayNumber, dayText, type History, type Series } from './history.js'

const SCHEMA = 'forecast_rows/1'

const COLUMNS = [
  { name: 'series', type: 'stock code' },
  { name: 'onSale', type: 'first day on sale' },
  { name: 'counts', type: 'order lines of each day of the calendar, joined by spaces' },
  { name: 'promoted', type: 'days with a promotion, counted from the first of the calendar' },
] as const

/** Of data that have them. Other data keep their bytes, and their digest. */
const OPTIONAL_COLUMNS = [
  { field: 'closed', name: 'closed', type: 'days on which it was closed, counted from the first of the calendar' },
  {
    field: 'schoolHoliday',
    name: 'schoolHolidays',
    type: 'days of school holidays, counted from the first of the calendar',
  },
  { field: 'storeType', name: 'storeType', type: 'type of its store' },
] as const

export const columnsOf = (series: readonly Series[]): { name: string; type: string }[] => [
  ...COLUMNS.map((column) => ({ ...column })),
  ...OPTIONAL_COLUMNS.flatMap(({ field, name, type }) =>
    series.some((one) => one[field] !== undefined) ? [{ name, type }] : [],
  ),
]

interface Head {
  schema: string
  first: string
  days: number
  closed: number[]
}

interface Row {
  series: string
  onSale: string
  counts: string
  promoted: number[]
  closed?: number[]
  schoolHolidays?: number[]
  storeType?: string
}

const indexesOf = (flags: Uint8Array, wanted: 0 | 1): number[] =>
  Array.from(flags.keys()).filter((index) => flags[index] === wanted)

export async function writeRows(file: string, { first, days, open: isOpen, series }: History): Promise<void> {
  const head: Head = { schema: SCHEMA, first: dayText(first), days, closed: indexesOf(isOpen, 0) }
  const handle = await open(file, 'wx')
  try {
    await handle.writeFile(`${JSON.stringify(head)}\n`)
    for (const one of series) {
      const row: Row = {
        series: one.code,
        onSale: dayText(first + one.onSale),
        counts: one.counts.join(' '),
        promoted: indexesOf(one.promoted, 1),
        ...(one.closed ? { closed: indexesOf(one.closed, 1) } : {}),
        ...(one.schoolHoliday ? { schoolHolidays: indexesOf(one.schoolHoliday, 1) } : {}),
        ...(one.storeType === undefined ? {} : { storeType: one.storeType }),
      }
      await handle.writeFile(`${JSON.stringify(row)}\n`)
    }
  } finally {
    await handle.close()
  }
}

/** @throws SlipwayError BadData when the file was not written by `writeRows` */
export async function readRows(file: string): Promise<History> {
  const [top = '', ...lines] = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '')
  try {
    const head = JSON.parse(top) as Head
    if (head.schema !== SCHEMA) throw new TypeError(`its schema is ${head.schema}, not ${SCHEMA}`)
    const first = dayNumber(head.first)
    const isOpen = new Uint8Array(head.days).fill(1)
    for (const index of head.closed) isOpen[index] = 0
    return { first, days: head.days, open: isOpen, series: lines.map((line) => seriesOf(line, first, head.days)) }
  } catch (error) {
    throw new SlipwayError(
      'BadData',
      `the snapshot's rows cannot be read: ${error instanceof Error ? error.message : error}`,
    )
  }
}

function seriesOf(line: string, first: number, days: number): Series {
  const row = JSON.parse(line) as Row
  const counts = Int32Array.from(row.counts.split(' '), Number)
  if (counts.length !== days) throw new RangeError(`${row.series} has ${counts.length} counts for ${days} days`)
  const flags = (indexes: readonly number[]): Uint8Array => {
    const found = new Uint8Array(days)
    for (const index of indexes) found[index] = 1
    return found
  }
  return {
    code: row.series,
    onSale: dayNumber(row.onSale) - first,
    counts,
    promoted: flags(row.promoted),
    ...(row.closed ? { closed: flags(row.closed) } : {}),
    ...(row.schoolHolidays ? { schoolHoliday: flags(row.schoolHolidays) } : {}),
    ...(row.storeType === undefined ? {} : { storeType: row.storeType }),
  }
}
