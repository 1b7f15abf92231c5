import { expect, it } from 'vitest'
import { readRows } from '../../../projects/forecast/counts/demand-rows.js'
import { FIRST, HEADER, imported, orderLine, testFolder, tidyLines } from './demand-files.js'

const folder = testFolder()
const CUTOFF = '2024-05-20'
const DAYS = 140

it('rejects each kind of invalid line once, by its first reason, and counts sales', async () => {
  const day = FIRST + 100
  const twice = orderLine(day, 'A', { invoice: 'again' })
  const dirt = [
    orderLine(day, 'A', { invoice: 'C9001', quantity: -1 }),
    orderLine(day, 'A', { invoice: 'C9002', quantity: 4 }),
    orderLine(day, 'A', { invoice: '9003', quantity: -3 }),
    orderLine(day, 'A', { invoice: '9004', quantity: 0 }),
    orderLine(day, 'A', { invoice: '9005', price: 0 }),
    twice,
    twice,
    twice,
    // The same code on one invoice in another quantity is another line.
    orderLine(day, 'A', { invoice: 'again', quantity: 2 }),
  ]
  const late = orderLine(FIRST + DAYS + 20, 'A', { invoice: 'C1', quantity: -1 })
  const few = [orderLine(day, 'ONCE'), orderLine(day, 'ONCE', { invoice: 'other' })]
  const young = tidyLines(DAYS, ['YOUNG']).slice(-30)
  const gone = tidyLines(80, ['GONE'])
  const lines = [...tidyLines(DAYS + 40), ...dirt, ...few, ...young, ...gone, late]
  // In any order: the real file is two sheets of which the second begins before the first ends.
  const source = await folder.write('dirty.csv', [HEADER, ...lines.reverse()].join('\n'))

  const { snapshot, dataFile } = await imported(folder, source, CUTOFF)
  const rejected = Object.fromEntries(snapshot.rejected.map(({ reason, rows }) => [reason, rows]))
  expect(rejected).toEqual({
    'cancelled (invoice begins with C)': 2,
    'quantity not above zero': 2,
    'price not above zero: adjustments, samples': 1,
    'the same line a second time': 2,
    'series with one day only (1, e.g. ONCE), counts': expect.any(Number),
    'series with fewer than 84 days (1, e.g. YOUNG), counts': expect.any(Number),
    'series not sold in the last 56 days (1, e.g. GONE), counts': expect.any(Number),
    'days on which the shop was closed': 20,
  })

  const { series, first, days, open } = await readRows(dataFile)
  expect(series.map(({ code }) => code)).toEqual(['A', 'B'])
  expect(snapshot.days).toEqual({ first: '2024-01-01', last: '2024-05-19' })
  expect(first + days).toBe(FIRST + DAYS)
  const [a, b] = series.map(({ counts }) => counts)
  // The tidy line, one of the three alike, and the other quantity.
  expect(a?.[100]).toBe(3)
  expect(b?.[100]).toBe(1)
  expect(open.filter((isOpen) => isOpen === 0)).toHaveLength(20)
  expect(snapshot.rows).toBe(2 * (DAYS - 20))
})
