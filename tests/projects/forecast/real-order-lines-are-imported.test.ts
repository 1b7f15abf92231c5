import { expect, it } from 'vitest'
import { readRows } from '../../../projects/forecast/counts/demand-rows.js'
import { realData } from '../../support/real-data.js'
import { imported, testFolder } from './demand-files.js'

const folder = testFolder()
const source = realData('forecast', 'online_retail.csv.gz')

it.skipIf(source === undefined)('imports two years of a real web shop, and says what it left out', async () => {
  const { snapshot, dataFile } = await imported(folder, source ?? '', '2011-11-11')
  const rejected = Object.fromEntries(snapshot.rejected.map(({ reason, rows }) => [reason.replace(/ \(.*/, ''), rows]))
  // Counted apart from this code, on the lines before the cutoff.
  expect(rejected).toMatchObject({
    cancelled: 18_485,
    'quantity not above zero': 3_332,
    'price not above zero: adjustments, samples': 2_640,
    'the same line a second time': 32_505,
  })
  const { series, days, open } = await readRows(dataFile)
  expect(snapshot.days).toEqual({ first: '2009-12-01', last: '2011-11-10' })
  expect([series.length, days]).toEqual([800, 710])
  // Hardly any Saturdays, the holidays, and eleven days at Christmas.
  expect(open.reduce((sum, isOpen) => sum + isOpen, 0)).toBe(579)
  const bestseller = series.find(({ code }) => code === '85123A')
  expect(bestseller?.counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(4_000)
})
