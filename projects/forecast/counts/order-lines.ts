/**
 * A file of order lines from a till or a web shop, one a row: cleaned, and counted by stock code and day. Rejected
 * lines are counted by the first reason that applies.
 */
import { badFile } from '../../kit/csv-file.js'
import { countLeftOut } from '../../kit/left-out.js'
import { type CellPlace, refuseSource } from '../../kit/source-problems.js'
import type { SourceProblems } from '../../project.js'
import { dayOfOrder, integerOf, numberOf, textOf } from './cells.js'
import type { Counted } from './counted.js'
import type { CsvFile } from './demand-csv.js'
import { dayText, type History } from './history.js'
import { createTally } from './tally.js'

export const ORDER_LINE_COLUMNS = ['Invoice', 'StockCode', 'Quantity', 'InvoiceDate', 'Price'] as const

/** More days without a single line are a gap in the data, not a holiday. */
const LONGEST_CLOSURE_DAYS = 14

const CANCELLED = 'cancelled (invoice begins with C)'
const NOT_SOLD = 'quantity not above zero'
const NO_PRICE = 'price not above zero: adjustments, samples'
const REPEATED = 'the same line a second time'

/** @param until a day number: rows left out are counted on the days before it */
export async function countOrderLines(file: CsvFile, until: number, problems?: SourceProblems): Promise<Counted> {
  const tally = createTally()
  const rejected = countLeftOut()
  const seen = new Set<string>()
  const [invoice, code, quantity, date, price] = ORDER_LINE_COLUMNS.map((name) => file.columns.indexOf(name)) as [
    number,
    number,
    number,
    number,
    number,
  ]
  let row = 0
  for await (const cells of file.rows()) {
    row += 1
    const at: CellPlace = { file: file.name, row, problems }
    const before = problems?.count
    const cell = (index: number): string => cells[index] ?? ''
    const day = dayOfOrder(cell(date), 'InvoiceDate', at)
    const stock = textOf(cell(code), 'StockCode', at)
    const units = integerOf(cell(quantity), 'Quantity', at)
    const each = numberOf(cell(price), 'Price', at)
    if (problems?.count !== before) continue
    const reason = reasonOf(cell(invoice), units, each, seen, cells)
    // Facts known only after the cutoff must not enter. That includes the counts of rejected lines.
    if (!reason) tally.add(stock, day, 1)
    else if (day < until)
      rejected.add(reason, () => `row ${row}: ${cell(invoice)}, ${stock}, ${dayText(day)}, ${units} at ${each}`)
  }
  const history = tally.history(file.name)
  if (!history)
    throw badFile(file.name, `has ${row} lines and none of them is a sale; give lines with a quantity above 0`)
  refuseHoles(file.name, history, until, problems)
  return { history, rejected: rejected.list() }
}

function reasonOf(
  invoice: string,
  units: number,
  price: number,
  seen: Set<string>,
  cells: readonly string[],
): string | undefined {
  if (invoice.startsWith('C')) return CANCELLED
  if (units <= 0) return NOT_SOLD
  if (price <= 0) return NO_PRICE
  const key = cells.join('|')
  if (seen.has(key)) return REPEATED
  seen.add(key)
  return undefined
}

function refuseHoles(
  name: string,
  { first, open }: History,
  until: number,
  problems: SourceProblems | undefined,
): void {
  let last = 0
  open.forEach((isOpen, index) => {
    if (isOpen === 0 || first + index >= until) return
    const missing = index - last - 1
    if (missing > LONGEST_CLOSURE_DAYS) {
      const gap = `${dayText(first + last + 1)} to ${dayText(first + index - 1)}`
      refuseSource(
        problems,
        `${name} has no line from ${gap}, ${missing} days; a closure lasts ${LONGEST_CLOSURE_DAYS} days at most: add the missing days`,
      )
    }
    last = index
  })
}
