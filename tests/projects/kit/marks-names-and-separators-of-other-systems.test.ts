import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { refusalOf } from '../../support/refusal-of.js'
import { put } from '../vision/parcel-folders.js'
import {
  flightsCsv,
  fresh,
  importDemand,
  importFlights,
  importPhotos,
  importShop,
  importShopFolder,
  judgementsJson,
  LABEL_COLUMNS,
  labels,
  labelsCsv,
  ordersCsv,
  photoFolder,
  productsJson,
  removeSources,
} from './user-sources.js'

afterAll(removeSources)

const BOM = '\ufeff'

describe('a byte order mark before JSON', () => {
  it('of worlds, products and judgements', async () => {
    const world = `${BOM}${JSON.stringify({ schema: 'forecast_world/1', series: 8 })}`
    expect(await refusalOf(importDemand(world, 'world.json'))).toBe('accepted')
    expect(await refusalOf(importShop(BOM + productsJson, BOM + judgementsJson()))).toBe('accepted')
    const source = join(await fresh(), 'shop.json')
    writeFileSync(source, `${BOM}${JSON.stringify({ schema: 'slipway.ranking_world/1', perDay: 50 })}`)
    expect(await refusalOf(importShopFolder(source))).toBe('accepted')
  })
})

describe('cells separated by something else than a comma', () => {
  const separated = (csv: string, separator: string) => csv.replaceAll(',', separator)
  const daily = ['date,series,count']
  for (let day = 0; day < 140; day += 1) {
    const date = new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10)
    daily.push(`${date},"A;\t,1",3`)
  }

  it.each([';', '\t'])('%j is read as the same table', async (separator) => {
    const flights = await importFlights(separated(flightsCsv, separator))
    expect(flights.manifest).toMatchObject({ rows: 3_360, rejected: [] })
    expect((await importFlights(gzipSync(separated(flightsCsv, separator)), 'a.csv.gz')).manifest.rows).toBe(3_360)
    const photos = await importPhotos(await photoFolder(), labelsCsv(labels, separator))
    expect(photos.snapshot).toMatchObject({ rows: 70, rejected: [] })
    // A quoted cell may hold any of them.
    const text = daily.map((line) => line.replace(',', separator).replace(/,(\w+)$/, `${separator}$1`)).join('\n')
    expect((await importDemand(text)).manifest.rows).toBe(140)
  })

  it('a decimal comma is no decimal number, and is refused by cell', async () => {
    const text = separated(ordersCsv, ';').replaceAll(';2.5;', ';2,5;').replaceAll('; boxed', ', boxed')
    expect(await refusalOf(importDemand(text))).toBe('demand.csv row 1: Price is "2,5", which is not a number')
  })
})

describe('names of files', () => {
  const NFC = 'caf\u00e9.jpg'
  const NFD = 'cafe\u0301.jpg'
  const [first, ...others] = labels as [(typeof labels)[number], ...(typeof labels)[number][]]

  it.each([
    ['composed on disk, decomposed in the labels', NFC, NFD],
    ['decomposed on disk, composed in the labels', NFD, NFC],
  ])('%s: the same photo', async (_what, onDisk, listed) => {
    const path = await photoFolder()
    renameSync(join(path, first.file), join(path, onDisk))
    const { snapshot } = await importPhotos(path, labelsCsv([{ ...first, file: listed }, ...others]))
    expect(snapshot).toMatchObject({ rows: 70, rejected: [] })
  })

  it('a shipment that is spelled in two ways is one shipment', async () => {
    const [second, ...rest] = others as [(typeof labels)[number], ...(typeof labels)[number][]]
    const lines = [
      { ...first, shipment: 'caf\u00e9', split: 'train' },
      { ...second, shipment: 'cafe\u0301', split: 'test' },
      ...rest.map((line) => ({ ...line, split: 'train' })),
    ]
    const columns = [...LABEL_COLUMNS, 'split'] as const
    const csv = [columns, ...lines.map((line) => columns.map((column) => line[column] ?? ''))]
    expect(await refusalOf(importPhotos(await photoFolder(), csv.map((cells) => cells.join(',')).join('\n')))).toMatch(
      /^labels\.csv has shipments in both halves of its split: caf\u00e9; put each/,
    )
  })

  it('files that another system left beside the data are no data', async () => {
    const path = await photoFolder()
    for (const name of [`._${first.file.split('/').at(-1)}`, '.hidden.jpg', '__MACOSX/._photo.png'])
      put(path, name, 'x')
    expect((await importPhotos(path, labelsCsv())).snapshot.rejected).toEqual([])
    put(path, 'unlisted.jpg', 'x')
    expect((await importPhotos(path, labelsCsv())).snapshot.rejected).toEqual([
      { reason: 'not named in labels.csv: unlisted.jpg', rows: 1 },
    ])
    const shop = await fresh()
    put(shop, 'products.jsonl', productsJson)
    put(shop, 'judgements.json', judgementsJson())
    for (const name of ['._products.jsonl', '._judgements.json']) put(shop, name, 'Mac OS X')
    expect(await refusalOf(importShopFolder(shop))).toBe('accepted')
  })
})
