/**
 * A file of daily counts: one row a series and day, optionally with a promotion, a closing, school holidays and the
 * type of its store. An absent row is not a zero, nor is a closed day.
 */
import { badFile } from '../../kit/csv-file.js'
import { type CellPlace, refuseCell as refuse, refuseSource } from '../../kit/source-problems.js'
import type { SourceProblems } from '../../project.js'
import { dayOf, integerOf, textOf } from './cells.js'
import type { Counted } from './counted.js'
import type { CsvFile } from './demand-csv.js'
import { dayText } from './history.js'
import { closedCountOf, MARKS, marksIn } from './marks.js'
import { createTally } from './tally.js'

export const DAILY_COUNT_COLUMNS = ['date', 'series', 'count'] as const

interface Seen {
  first: number
  last: number
  readonly days: Set<number>
}

/** Series with days missing are left out, up to this share of them. */
const MOST_WITH_GAPS = 0.2
const GAPS = 'series with missing days, counts'

export async function countDaily(file: CsvFile, until: number, problems?: SourceProblems): Promise<Counted> {
  const rows: { code: string; day: number; value: number; marked: number }[] = []
  const all = new Map<string, Seen>()
  const [date, series, count] = DAILY_COUNT_COLUMNS.map((name) => file.columns.indexOf(name)) as [
    number,
    number,
    number,
  ]
  const marks = marksIn(file.columns)
  let row = 0
  for await (const cells of file.rows()) {
    row += 1
    const at: CellPlace = { file: file.name, row, problems }
    const before = problems?.count
    const day = dayOf(cells[date] ?? '', 'date', at)
    const code = textOf(cells[series] ?? '', 'series', at)
    const marked = marks.of(cells, at)
    const text = cells[count] ?? ''
    const value = (marked & MARKS.closed) === 0 ? integerOf(text, 'count', at) : closedCountOf(text, at)
    if (value < 0) refuse(at, 'count', value, `zero or more; a return of ${code} belongs to the day it was sold`, 0)
    marks.seeType(cells, code, at)
    if (problems?.count !== before) continue
    see(all, code, day, at)
    rows.push({ code, day, value, marked })
  }
  const gaps = withGaps(all, until)
  const tally = createTally()
  for (const { code, day, value, marked } of rows) if (!gaps.has(code)) tally.add(code, day, value, marked)
  if (gaps.size > MOST_WITH_GAPS * all.size) refuseGaps(file.name, gaps, all.size, problems)
  const history = tally.history(file.name, marks)
  if (!history) {
    if (problems?.count) throw badFile(file.name, 'has no row that can be used')
    throw badFile(file.name, 'has no counts; give it one row for each series and day')
  }
  const known = [...gaps].filter(([, { seen }]) => seen > 0)
  const left = { rows: known.reduce((sum, [, { seen }]) => sum + seen, 0), examples: known.slice(0, 3).map(gapText) }
  return { history, rejected: known.length === 0 ? [] : [{ reason: GAPS, ...left }] }
}

function see(all: Map<string, Seen>, code: string, day: number, at: CellPlace): void {
  const seen = all.get(code)
  if (!seen) {
    all.set(code, { first: day, last: day, days: new Set([day]) })
    return
  }
  if (seen.days.has(day))
    refuse(at, 'date', dayText(day), `the only row of ${code} for that day; keep one row for each`, 0)
  seen.days.add(day)
  seen.first = Math.min(seen.first, day)
  seen.last = Math.max(seen.last, day)
}

interface Gap {
  /** The first days that are missing. */
  readonly from: number
  readonly to: number
  readonly missing: number
  /** Rows before the cutoff. */
  readonly seen: number
}

function withGaps(all: ReadonlyMap<string, Seen>, until: number): Map<string, Gap> {
  const gaps = new Map<string, Gap>()
  for (const [code, { first, last, days }] of all) {
    const missing = last - first + 1 - days.size
    if (missing === 0) continue
    let from = first
    while (days.has(from)) from += 1
    let to = from
    while (!days.has(to + 1)) to += 1
    gaps.set(code, { from, to, missing, seen: [...days].filter((day) => day < until).length })
  }
  return gaps
}

const gapText = ([code, { from, to, missing }]: [string, Gap]): string =>
  `${code} on ${from === to ? dayText(from) : `${dayText(from)} to ${dayText(to)}`}, ${missing} days in total`

function refuseGaps(name: string, gaps: Map<string, Gap>, series: number, problems: SourceProblems | undefined): void {
  const shown = [...gaps].slice(0, 3).map(gapText).join('; ')
  const most = `at most ${MOST_WITH_GAPS * 100} % may be left out`
  const wayOut =
    'add the missing rows, with 0 only for days on which it was on sale and did not sell, and 1 in a column closed for days on which it was closed'
  refuseSource(
    problems,
    `${name} has days without a row for ${gaps.size} of ${series} series (${shown}); ${most}: ${wayOut}`,
  )
}
