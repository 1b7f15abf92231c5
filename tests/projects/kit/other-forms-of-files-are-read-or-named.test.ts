import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { csvRows } from '../../../projects/kit/csv-file.js'
import { refusalOf } from '../../support/refusal-of.js'
import {
  flightsCsv,
  importDemand,
  importFlights,
  importPhotos,
  importShop,
  judgementsJson,
  labelsCsv,
  ordersCsv,
  photoFolder,
  productsJson,
  removeSources,
  write,
} from './user-sources.js'

afterAll(removeSources)

describe('line ends of two systems in one file', () => {
  const mixed = (csv: string, first: string, second: string) => {
    const lines = csv.trimEnd().split('\n')
    return lines.map((line, index) => line + (index < 40 ? first : second)).join('')
  }

  it.each([
    ['CRLF, later LF', '\r\n', '\n'],
    ['LF, later CRLF', '\n', '\r\n'],
    ['CR alone, as of old Macs', '\r', '\r'],
  ])('%s: the same table', async (_what, first, second) => {
    expect((await importFlights(mixed(flightsCsv, first, second))).manifest).toMatchObject({
      rows: 3_360,
      rejected: [],
    })
    expect(await refusalOf(importPhotos(await photoFolder(), mixed(labelsCsv(), first, second)))).toBe('accepted')
  })
})

describe('what a gzip file holds besides a table', () => {
  const PARQUET = Buffer.from('PAR1\u0015\u0004\u0015', 'latin1')
  const cases: readonly [string, Buffer, RegExp][] = [
    [
      'bytes after its end',
      Buffer.concat([gzipSync(ordersCsv), Buffer.from('-- signed --')]),
      /^demand\.csv cannot be unpacked \(incorrect header check\): it is damaged, or other bytes follow the gzip stream; pack it again with gzip$/,
    ],
    ['Parquet', gzipSync(PARQUET), /^demand\.csv is Parquet packed with gzip; unpack it with gunzip/],
    ['a gzip file', gzipSync(gzipSync(ordersCsv)), /^demand\.csv is packed with gzip twice; unpack it once/],
  ]
  it.each(cases)('%s', async (_what, bytes, said) => {
    expect(await refusalOf(importDemand(bytes))).toMatch(said)
  })

  it('zeros after its end, which tapes and tools add, are nothing', async () => {
    expect(await refusalOf(importDemand(Buffer.concat([gzipSync(ordersCsv), Buffer.alloc(512)])))).toBe('accepted')
  })

  it('judgements with bytes after their end', async () => {
    const bytes = Buffer.concat([gzipSync(judgementsJson()), Buffer.from('more')])
    expect(await refusalOf(importShop(productsJson, bytes))).toMatch(
      /other bytes follow the gzip stream; pack it again/,
    )
  })
})

describe('JSON in another form', () => {
  it('an array of products in place of a product a line', async () => {
    const rows = productsJson.split('\n')
    for (const text of [`[${rows.join(',')}]`, `[\n${rows.join(',\n')}\n]`])
      expect(await refusalOf(importShop(text))).toBe(
        'products.jsonl is a JSON array; write one JSON object a line, as jq -c ".[]" does',
      )
    expect(await refusalOf(importShop([...rows.slice(1), '[1]'].join('\n')))).toBe(
      'products.jsonl line 90 is not a JSON object; write one product a line',
    )
  })

  it('nested more deeply than any format', async () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000)
    const said = 'cannot be read: it is nested more than 200 levels deep, the most that is read; give flat data'
    expect(await refusalOf(importShop(productsJson, deep))).toBe(`judgements.json ${said}`)
    expect(await refusalOf(importShop(`${productsJson}\n{"a":${deep}}`))).toBe(`products.jsonl line 91 ${said}`)
    expect(await refusalOf(importDemand(`{"schema":${deep}}`, 'world.json'))).toMatch(/world\.json .*nested more than/)
  })
})

describe('an id that is spelled in two ways is one id', () => {
  const [NFC, NFD] = ['Caf\u00e9', 'Cafe\u0301']

  it('in tables of any size and pieces', async () => {
    const twice = Array.from({ length: 30_000 }, (_, row) => `${row % 2 ? NFC : NFD},${row}`)
    const seen = new Set<string>()
    for await (const [name = ''] of csvRows<string[]>(await write('ids.csv', ['name,n', ...twice].join('\n')), {
      gzipped: false,
      columns: false,
    }))
      seen.add(name)
    expect([...seen]).toEqual(['name', NFC])
  })

  it('in daily counts', async () => {
    const days = Array.from({ length: 140 }, (_, day) =>
      new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10),
    )
    const rows = days.map((day, index) => `${day},${index % 2 ? NFC : NFD},${3 + (index % 3)}`)
    const { manifest } = await importDemand(['date,series,count', ...rows].join('\n'))
    expect(manifest).toMatchObject({ rows: 140, rejected: [] })
  })

  it('in products and judgements, escaped or not', async () => {
    const products = productsJson.replaceAll('"P1"', JSON.stringify(NFC))
    const escaped = judgementsJson().replaceAll('"P1"', '"Cafe\\u0301"')
    expect(await refusalOf(importShop(products, escaped))).toBe('accepted')
    expect(await refusalOf(importShop(`${products}\n${JSON.stringify({ asin: NFD, title: 'x' })}`, escaped))).toMatch(
      /has two rows for product Caf\u00e9, lines 2 and 91/,
    )
  })

  it('in live inputs and labels', async () => {
    const { project: forecast } = await import('../../../projects/forecast/index.js')
    const { project: ranking } = await import('../../../projects/ranking/index.js')
    const { project: vision } = await import('../../../projects/vision/index.js')
    const series = {
      series: NFD,
      day: '2024-05-01',
      ahead: 7,
      promoted: false,
      recent: [1],
      promotedDaysAgo: [],
      lastYear: [],
    }
    expect(forecast.inputSchema?.parse(series)).toMatchObject({ series: NFC })
    expect(vision.inputSchema?.parse({ photo: '', shipment: NFD, source: NFD })).toMatchObject({
      shipment: NFC,
      source: NFC,
    })
    expect(ranking.inputSchema?.parse({ query: NFD, candidates: [] })).toMatchObject({ query: NFC })
    expect(ranking.labelSchema?.parse({ [NFD]: 1 })).toEqual({ [NFC]: 1 })
  })
})
