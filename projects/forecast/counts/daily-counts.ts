/** A file of daily counts: one row a series and day, optionally with a promotion mark. An absent row is not a zero. */
import { badFile } from '../../kit/csv-file.js'
import { dayOf, integerOf, type Place, refuse, textOf } from './cells.js'
import type { Counted } from './counted.js'
import type { CsvFile } from './demand-csv.js'
import { dayText } from './history.js'
import { createTally } from './tally.js'

export const DAILY_COUNT_COLUMNS = ['date', 'series', 'count'] as const
/** 1 on days with a promotion, else 0 or empty. */
const PROMOTED = 'promoted'

interface Seen {
  first: number
  last: number
  readonly days: Set<number>
}

export async function countDaily(file: CsvFile): Promise<Counted> {
  const tally = createTally()
  const all = new Map<string, Seen>()
  const [date, series, count] = DAILY_COUNT_COLUMNS.map((name) => file.columns.indexOf(name)) as [
    number,
    number,
    number,
  ]
  const promoted = file.columns.indexOf(PROMOTED)
  let row = 0
  for await (const cells of file.rows()) {
    row += 1
    const at: Place = { file: file.name, row }
    const day = dayOf(cells[date] ?? '', 'date', at)
    const code = textOf(cells[series] ?? '', 'series', at)
    const value = integerOf(cells[count] ?? '', 'count', at)
    if (value < 0) refuse(at, 'count', value, `zero or more; a return of ${code} belongs to the day it was sold`)
    see(all, code, day, at)
    tally.add(code, day, value, promoted >= 0 && promotedOf(cells[promoted] ?? '', at))
  }
  for (const [code, seen] of all) refuseGap(file.name, code, seen)
  const history = tally.history()
  if (!history) throw badFile(file.name, 'has no counts; give it one row for each series and day')
  return { history, rejected: [] }
}

function see(all: Map<string, Seen>, code: string, day: number, at: Place): void {
  const seen = all.get(code)
  if (!seen) {
    all.set(code, { first: day, last: day, days: new Set([day]) })
    return
  }
  if (seen.days.has(day))
    refuse(at, 'date', dayText(day), `the only row of ${code} for that day; keep one row for each`)
  seen.days.add(day)
  seen.first = Math.min(seen.first, day)
  seen.last = Math.max(seen.last, day)
}

function refuseGap(name: string, code: string, { first, last, days }: Seen): void {
  const missing = last - first + 1 - days.size
  if (missing === 0) return
  let from = first
  while (days.has(from)) from += 1
  let to = from
  while (!days.has(to + 1)) to += 1
  const gap = from === to ? dayText(from) : `${dayText(from)} to ${dayText(to)}`
  throw badFile(
    name,
    `has no row for ${code} on ${gap} (${missing} days are missing in total); write 0 for days without a sale`,
  )
}

function promotedOf(text: string, at: Place): boolean {
  if (text === '' || text === '0') return false
  return text === '1' || refuse(at, PROMOTED, text, '0 or 1')
}
