import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createUtf8Check, jsonOf, textOf } from '../../../contracts/utf8.js'
import { refusalOf } from '../../support/refusal-of.js'
import {
  flightsCsv,
  importDemand,
  importFlights,
  importPhotos,
  importShop,
  judgementsJson,
  labels,
  labelsCsv,
  ordersCsv,
  photoFolder,
  productsJson,
  removeSources,
} from './user-sources.js'

afterAll(removeSources)

let photos: string
beforeAll(async () => {
  photos = await photoFolder()
}, 60_000)

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1')
const offsetOf = (text: string, found: string): number => text.indexOf(found)

describe('each importer names the line and the byte, where two names would have become one', () => {
  it('series of demand', async () => {
    const text = ordersCsv.replaceAll(',A,', ',caf\u00e9,').replaceAll(',B,', ',caf\u00e8,')
    const place = `line 2 is not UTF-8: byte 0xe9 at offset ${offsetOf(text, '\u00e9')}; write it as UTF-8`
    expect(await refusalOf(importDemand(latin1(text)))).toBe(`demand.csv cannot be read as CSV: ${place}`)
    expect(await refusalOf(importDemand(gzipSync(latin1(text)), 'demand.csv.gz'))).toBe(
      `demand.csv.gz cannot be read as CSV: ${place}`,
    )
    expect(await refusalOf(importDemand(text))).toBe('accepted')
  })

  it('shipments', async () => {
    const text = labelsCsv(labels.map((line, index) => (index === 1 ? { ...line, shipment: 'S\u00e9' } : line)))
    expect(await refusalOf(importPhotos(photos, latin1(text)))).toBe(
      `labels.csv cannot be read as CSV: line 3 is not UTF-8: byte 0xe9 at offset ${offsetOf(text, '\u00e9')}; write it as UTF-8`,
    )
    expect(await refusalOf(importPhotos(photos, text))).toBe('accepted')
  })

  it('products and judged queries', async () => {
    const products = productsJson.replace('"P1"', '"P1","brand":"caf\u00e9"')
    expect(await refusalOf(importShop(latin1(products)))).toMatch(
      /^products\.jsonl cannot be read: line 2 is not UTF-8: byte 0xe9 at offset \d+; write it as UTF-8$/,
    )
    const judged = judgementsJson().replace('query 1', 'caf\u00e9')
    expect(await refusalOf(importShop(productsJson, latin1(judged)))).toMatch(
      /^judgements\.json cannot be read: line 1 is not UTF-8: byte 0xe9/,
    )
  })

  it('flights, far into the file', async () => {
    const text = flightsCsv.replace('2013-01-20T05:00', '2013-01-20T05:00\u00e9')
    const line = 2 + 19 * 120
    expect(await refusalOf(importFlights(latin1(text)))).toBe(
      `flights.csv cannot be read as CSV: line ${line} is not UTF-8: byte 0xe9 at offset ${offsetOf(text, '\u00e9')}; write it as UTF-8`,
    )
  })

  it('UTF-16 is named as such', async () => {
    const utf16 = Buffer.from(`\ufeff${ordersCsv}`, 'utf16le')
    expect(await refusalOf(importDemand(utf16))).toBe('demand.csv cannot be read: it is UTF-16; write it as UTF-8')
    expect(() => textOf(utf16)).toThrow('it is UTF-16; write it as UTF-8')
  })
})

describe('pieces of any length', () => {
  const good = Buffer.from('a\u00e9\u20ac\u{1f600}\nb\u00e9')
  const checked = (bytes: Uint8Array, length: number): string | undefined => {
    const check = createUtf8Check()
    for (let at = 0; at < bytes.length; at += length) {
      const fault = check.take(bytes.subarray(at, at + length))
      if (fault) return fault
    }
    return check.end()
  }

  it.each([1, 2, 3, 5, 64])('of %i bytes', (length) => {
    expect(checked(good, length)).toBeUndefined()
    const cut = good.subarray(0, good.length - 1)
    const cutAt = 'line 2 is not UTF-8: byte 0xc3 at offset 12; write it as UTF-8'
    expect(checked(cut, length)).toBe(cutAt)
    expect(() => textOf(cut)).toThrow(cutAt)
    expect(checked(Buffer.concat([good, latin1('\u00e9,x')]), length)).toContain('line 2 is not UTF-8: byte 0xe9')
  })
})

it('JSON is read without its byte order mark', () => {
  expect(jsonOf(Buffer.from('\ufeff{"a":1}'))).toEqual({ a: 1 })
  expect(textOf(Buffer.from('\ufeff'))).toBe('')
})
