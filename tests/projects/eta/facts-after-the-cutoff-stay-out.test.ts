import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isLate } from '../../../projects/eta/flights/flight.js'
import { realData } from '../../support/real-data.js'
import { at, csvOf, DAYS, type Folder, flightsOf, openFolder } from './flight-files.js'

let folder: Folder
beforeAll(() => {
  folder = openFolder()
})
afterAll(() => folder.remove())

const CUTOFF = at(DAYS, '12:00')
const LAST_DAY = new Date(at(DAYS)).toISOString().slice(0, 10)

describe('airport pairs: an outcome counts only when the aircraft had arrived before the cutoff', () => {
  // 700 miles are planned with 133 minutes and a third; with the delay added that is when the outcome is known.
  it.each([
    ['landed before noon', '09:00', 0, 0],
    ['landed a minute before noon', '09:40', 6, 6],
    ['lands at noon', '09:40', 7, null],
    ['was on schedule to land before noon and is late', '09:00', 60, null],
    ['leaves a minute before noon', '11:59', 0, null],
  ])('%s', async (what, time, delay, known) => {
    const row = [`${LAST_DAY}T${time}`, delay, 700, 'SEA', 'MIA'] as const
    const file = folder.write(`${what}.csv`, csvOf([...flightsOf(), row]))
    const { rows, manifest } = await folder.snapshot(file, CUTOFF)
    expect(rows.filter(({ origin }) => origin === 'SEA').map((flight) => flight.delay)).toEqual([known])
    expect(manifest).toMatchObject({ rows: rows.length, censored: known === null ? 1 : 0 })
  })

  it('a cancelled flight never has an outcome', async () => {
    const file = folder.write('cancelled.csv', csvOf([...flightsOf(), [`${LAST_DAY}T06:00`, '', 700, 'SEA', 'MIA']]))
    const { rows } = await folder.snapshot(file, CUTOFF)
    expect(rows.filter(({ origin }) => origin === 'SEA')).toMatchObject([{ delay: null, arrived: null }])
  })

  it('later days of a file stay out, and the same cutoff gives the same bytes', async () => {
    const whole = folder.write('history.csv', csvOf(flightsOf(DAYS + 4)))
    const cut = folder.write('cut.csv', csvOf(flightsOf(DAYS)))
    const [known, before] = [await folder.snapshot(whole, at(DAYS)), await folder.snapshot(cut, at(DAYS))]
    expect(known.rows).toEqual(before.rows)
    expect(known.manifest.days).toEqual({ first: '2013-01-01', last: '2013-01-28' })
  })
})

describe('carrier events', () => {
  const header = 'year,month,day,dep_time,dep_delay,arr_delay,carrier,flight,origin,dest,air_time,distance,hour,minute'
  const month = Array.from({ length: DAYS * 80 }, (_, index) => {
    const [day, hour] = [1 + Math.floor(index / 80), 5 + Math.floor((index % 80) / 5)]
    return [2013, 1, day, 'x', 0, index % 4 === 0 ? 30 : -5, 'AA', index % 80, 'JFK', 'BOS', 40, 187, hour, 0]
  })

  // Known at departure delay + air time + ten minutes of taxi after schedule.
  it.each([
    ['landed before the cutoff', [3, 12, 60, 9, 30], { delay: 12, departureDelay: 3 }],
    [
      'in the air at the cutoff: it has left, and no more is known',
      [25, 40, 110, 10, 0],
      { delay: null, departureDelay: 25 },
    ],
    ['still at the gate at the cutoff', [45, 40, 110, 11, 30], { delay: null, departureDelay: null }],
    ['cancelled', ['NA', 'NA', 'NA', 6, 0], { delay: null, departureDelay: null, arrived: null }],
    [
      'diverted: it left and never arrived there',
      [5, 'NA', 'NA', 6, 0],
      { delay: null, departureDelay: 5, arrived: null },
    ],
  ])('%s', async (what, [departure, arrival, air, hour, minute], known) => {
    const row = [2013, 1, 29, 'x', departure, arrival, 'UA', 7, 'EWR', 'SFO', air, 900, hour, minute] as (
      | string
      | number
    )[]
    const file = folder.write(`${what.slice(0, 20)}.csv`, csvOf([...month, row], header))
    const { rows } = await folder.snapshot(file, CUTOFF)
    expect(rows.filter(({ origin }) => origin === 'EWR')).toMatchObject([known])
  })
})

describe('the default data', () => {
  it('a cutoff in the middle of a day: later facts stay out, flights in the air are censored', async () => {
    const cutoff = Date.parse('2001-01-25T12:00:00Z')
    const { rows, manifest } = await folder.snapshot(undefined, cutoff)
    expect(rows.length).toBeGreaterThan(100_000)
    expect(rows.filter(({ scheduled, arrived }) => scheduled >= cutoff || (arrived ?? 0) >= cutoff)).toEqual([])
    expect(rows.every(({ delay, arrived }) => (delay === null) === (arrived === null))).toBe(true)
    const censored = rows.filter(({ arrived }) => arrived === null)
    expect(censored.length).toBeGreaterThan(100)
    expect(censored.every(({ scheduled }) => scheduled > cutoff - 36 * 3_600_000)).toBe(true)
    expect(manifest).toMatchObject({ censored: censored.length, labelled: rows.length - censored.length })
    const reasons = manifest.rejected.map(({ reason }) => reason)
    expect(reasons).toContain('the same flight a second time')
    expect(reasons).toContain('origin not among the eight busiest airports')
  })
})

const real = realData('eta', 'flights.csv.gz')
describe.skipIf(real === undefined)('336,776 flights out of New York', () => {
  it('numbers of labels, censored and cancelled flights are those of the file', async () => {
    const cutoff = Date.parse('2013-02-10T12:00:00Z')
    const { rows, manifest } = await folder.snapshot(real, cutoff)
    const counted = tally(real as string, cutoff)
    const flown = rows.filter(({ delay }) => delay !== null)
    expect(manifest.rejected).toEqual([])
    expect(rows.length).toBe(counted.scheduled)
    expect(flown.length).toBe(counted.landed)
    expect(flown.filter(({ delay }) => isLate(delay ?? 0)).length).toBe(counted.late)
    expect(rows.filter(({ delay, departureDelay }) => delay === null && departureDelay !== null).length).toBe(
      counted.away,
    )
    expect(counted.away).toBeGreaterThan(50)
    expect(counted.neverLeft).toBeGreaterThan(1_000)
  })
})

/** Counted from the file's text, without the importer. No field of this file is quoted. */
function tally(file: string, cutoff: number) {
  const counts = { scheduled: 0, landed: 0, late: 0, away: 0, neverLeft: 0 }
  const [header = '', ...lines] = gunzipSync(readFileSync(file)).toString('utf8').trimEnd().split('\n')
  const names = header.split(',')
  for (const line of lines) {
    const fields = line.split(',')
    if (fields.length !== names.length) throw new Error(`not ${names.length} fields: ${line}`)
    const number = (name: string) => {
      const text = fields[names.indexOf(name)]
      return text === undefined || text === '' || text === 'NA' ? null : Number(text)
    }
    const need = (name: string) => number(name) ?? Number.NaN
    const scheduled = Date.UTC(need('year'), need('month') - 1, need('day'), need('hour'), need('minute'))
    if (scheduled >= cutoff) continue
    counts.scheduled += 1
    const left = number('dep_delay')
    const delay = number('arr_delay')
    const landedAt = delay === null ? null : scheduled + ((left ?? 0) + need('air_time') + 10) * 60_000
    if (landedAt !== null && landedAt < cutoff) {
      counts.landed += 1
      if ((delay ?? 0) > 15) counts.late += 1
    } else if (left !== null && scheduled + left * 60_000 < cutoff) counts.away += 1
    if (left === null) counts.neverLeft += 1
  }
  return counts
}
