/** Packed files that are a thousand times as large as they look, calendars of millennia, and rows without an end. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { DAY_MS, utcDay } from '../../contracts/duration.js'
import { parseOrRefuse } from '../../contracts/parse.js'
import { promotionPolicy } from '../../contracts/schemas/index.js'
import { csvRows, csvTable } from '../../projects/kit/csv-file.js'
import { hasMoreRows } from '../../projects/kit/too-many-rows.js'
import { requirePolicyThatCanDecide } from '../../releases/policy-that-can-decide.js'
import { toyPolicy } from '../toy-project/policy.js'
import {
  fresh,
  importDemand,
  importFlights,
  importShopFolder,
  judgementsJson,
  removeSources,
  write,
} from './kit/user-sources.js'

afterAll(removeSources)

/** Members of a gzip file may follow each other, so it need not be packed as a whole. */
const packed = (head: string, filler: string, megabytes: number): Buffer => {
  const part = gzipSync(filler.repeat(2 ** 20))
  return Buffer.concat([gzipSync(head), ...Array.from({ length: megabytes }, () => part)])
}

/** The most memory that is held meanwhile, in MB. */
async function peakOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.memoryUsage.rss()
  let most = before
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss())
  }, 5)
  await work()
  clearInterval(timer)
  return (Math.max(most, process.memoryUsage.rss()) - before) / 2 ** 20
}

describe('packed files', () => {
  it.each([
    ['flights', importFlights, 'date,delay,distance,origin,destination\n'],
    ['demand', importDemand, 'date,series,count\n'],
  ])('of %s: a row of half a gigabyte is refused with the limit, and is not held', async (_what, importFile, head) => {
    const file = packed(head, 'x', 512)
    expect(file.length).toBeLessThan(2 ** 20)
    const peak = await peakOf(() =>
      expect(importFile(file, 'big.csv.gz')).rejects.toMatchObject({
        type: 'BadData',
        message: expect.stringMatching(/^big\.csv\.gz line 2 has more than 1000000 characters/) as string,
      }),
    )
    expect(peak).toBeLessThan(300)
  })

  it('of a catalogue: more than the limit is not unpacked', async () => {
    const folder = await fresh()
    writeFileSync(join(folder, 'products.jsonl.gz'), packed('', ' ', 300))
    writeFileSync(join(folder, 'judgements.json'), judgementsJson())
    await expect(importShopFolder(folder)).rejects.toMatchObject({
      type: 'BadData',
      message: expect.stringMatching(/^products\.jsonl\.gz has more than 256 MB unpacked/) as string,
    })
  })
})

it('a table with more rows than are read is refused with the limit', async () => {
  const file = await write('t.csv', `a,b\n${'1,2\n'.repeat(11)}`)
  const read = async (mostRows: number) => {
    const rows: unknown[] = []
    for await (const row of csvRows(file, { gzipped: false, columns: true, mostRows })) rows.push(row)
    return rows.length
  }
  expect(await read(11)).toBe(11)
  await expect(read(10)).rejects.toMatchObject({
    message: expect.stringContaining('t.csv has more than 10 rows, the most that are read') as string,
  })
})

describe('more than five million rows', () => {
  // Parsing five million of them first took minutes and two gigabytes.
  it.each([
    ['flights', importFlights, 'date,delay,distance,origin,destination\n', 't.csv'],
    ['packed flights', importFlights, 'date,delay,distance,origin,destination\n', 't.csv.gz'],
  ])('of %s are refused before they are parsed', async (_what, importFile, head, name) => {
    const row = '1,1,1,A,B\n'
    const part = Buffer.from(row.repeat(100_000))
    const parts = name.endsWith('.gz') ? [gzipSync(head), ...repeated(gzipSync(part))] : [head, ...repeated(part)]
    const file = Buffer.concat(parts.map((one) => Buffer.from(one)))
    const before = process.cpuUsage()
    const peak = await peakOf(() =>
      expect(importFile(file, name)).rejects.toMatchObject({
        type: 'BadData',
        message: expect.stringMatching(/has more than 5000000 rows, the most that are read/) as string,
      }),
    )
    const { user, system } = process.cpuUsage(before)
    expect((user + system) / 1e6).toBeLessThan(10)
    expect(peak).toBeLessThan(400)
  })
  const repeated = (part: Buffer): Buffer[] => Array.from({ length: 51 }, () => part)

  it('of labels, which are read as a whole, are refused from the millionth on', () => {
    const table = (rows: number) => Buffer.from(`a,b\n${'1,2\n'.repeat(rows)}`)
    expect(() => csvTable(table(1_000_001), 'labels.csv')).toThrow('labels.csv has more than 1000000 rows')
  })

  it('are counted without blank lines and line ends inside quotes', async () => {
    const rows = async (text: string, mostRows: number) =>
      await hasMoreRows(Readable.from([Buffer.from(text.slice(0, 9)), Buffer.from(text.slice(9))]), mostRows)
    const text = `a,b\n1,"2\n\n\n\n\n"\n\n  \r\n\n3,4\r\n5,6`
    expect(await rows(text, 3)).toBe(false)
    expect(await rows(text, 2)).toBe(true)
  })
})

describe('demand', () => {
  const days = (first: string) =>
    Array.from({ length: 140 }, (_, index) => `${utcDay(Date.parse(`${first}T00:00:00Z`) + index * DAY_MS)},A,3`)

  it('from 1970 to 9999 is refused: each series would have three million days', async () => {
    const rows = [...days('2024-01-01'), '1970-01-01,B,1', '9999-12-31,C,1']
    await expect(importDemand(['date,series,count', ...rows].join('\n'))).rejects.toMatchObject({
      type: 'BadData',
      message: expect.stringMatching(/has days from 1970-01-01 to 9999-12-31, more than 10000/) as string,
    })
  })

  it('of more lines than a count can hold is refused: it would become another number', async () => {
    const rows = days('2024-01-01')
    rows[7] = '2024-01-08,A,4294967297'
    await expect(importDemand(['date,series,count', ...rows].join('\n'))).rejects.toMatchObject({
      type: 'BadData',
      message: expect.stringMatching(/counts 4294967297 lines of A on 2024-01-08; at most 1000000 are read/) as string,
    })
  })
})

describe('policies', () => {
  it('with a duration of more than a century are refused', () => {
    const wanted = { ...toyPolicy, labelHorizon: '99999999999w' }
    expect(() => parseOrRefuse(promotionPolicy, wanted, 'policy')).toThrow(/labelHorizon .* must be at most 36500d/)
  })

  it('with a look every second start nothing', () => {
    const wanted = { ...toyPolicy, lookEvery: '1s' }
    expect(() => requirePolicyThatCanDecide(wanted)).toThrow(
      /lookEvery is 1s: .* 2073600 looks, and at most 100000 are recorded; it must be at least 21s/,
    )
    expect(() => requirePolicyThatCanDecide({ ...toyPolicy, lookEvery: '21s' })).not.toThrow()
  })
})
