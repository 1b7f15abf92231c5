import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DAY_MS, utcDay } from '../../contracts/duration.js'
import { refusalOf } from '../support/refusal-of.js'
import {
  importDemand,
  importPhotos,
  LABEL_COLUMNS,
  labels,
  labelsCsv,
  photoFolder,
  removeSources,
} from './kit/user-sources.js'
import { CUTOFF, put } from './vision/parcel-folders.js'

afterAll(removeSources)

describe('photos', () => {
  let path: string
  beforeAll(async () => {
    path = await photoFolder()
  }, 60_000)

  it('without dates count as taken the day before the cutoff', async () => {
    const columns = LABEL_COLUMNS.filter((column) => column !== 'taken_at' && column !== 'reviewed_at')
    const lines = [columns, ...labels.map((line) => columns.map((column) => line[column] ?? ''))]
    const { snapshot } = await importPhotos(path, lines.map((cells) => cells.join(',')).join('\n'))
    const day = utcDay(CUTOFF - DAY_MS)
    expect(snapshot).toMatchObject({ rows: 70, labelled: 70, days: { first: day, last: day }, rejected: [] })
  })

  it('of WebP are read', async () => {
    const [first, ...others] = labels as [(typeof labels)[number], ...(typeof labels)[number][]]
    const webp = await sharp(join(path, first.file)).webp().toBuffer()
    put(path, 'photo.webp', webp)
    put(path, 'cut.webp', webp.subarray(0, webp.length / 2))
    const lines = [{ ...first, file: 'photo.webp' }, { ...first, file: 'cut.webp' }, ...others]
    const { snapshot } = await importPhotos(path, labelsCsv(lines))
    expect(snapshot.rows).toBe(70)
    expect(snapshot.rejected).toContainEqual({ reason: 'broken or truncated: cut.webp', rows: 1 })
  })

  it('that are there twice are left out and counted, however many; unreadable ones have a limit, which is stated', async () => {
    const copies = labels.slice(0, 30).map((line, index) => ({ ...line, file: `copy-${index}.jpg` }))
    for (const [index, { file }] of copies.entries())
      copyFileSync(join(path, labels[index]?.file ?? ''), join(path, file))
    const { snapshot } = await importPhotos(path, labelsCsv([...labels, ...copies]))
    expect(snapshot.rows).toBe(70)
    const twice = snapshot.rejected.find(({ reason }) => reason.startsWith('the same picture a second time'))
    expect(twice?.rows).toBe(30)
    for (const { file } of copies) writeFileSync(join(path, file), 'broken')
    expect(await refusalOf(importPhotos(path, labelsCsv([...labels, ...copies])))).toMatch(
      /30 photos cannot be used \(30 neither JPEG nor PNG: copy-0\.jpg.*\); fix them first, at most 20 % of the photos may be left out/,
    )
  })
})

describe('daily counts', () => {
  const days = Array.from({ length: 140 }, (_, index) => utcDay(Date.UTC(2024, 0, 1) + index * DAY_MS))
  const closed = (store: number, day: string) => store < 2 && day >= '2024-02-01' && day < '2024-04-01'
  const counts = (stores: number) => [
    'date,series,count',
    ...days.flatMap((day) =>
      Array.from({ length: stores }, (_, store) => store)
        .filter((store) => !closed(store, day))
        .map((store) => `${day},S${store},3`),
    ),
  ]

  it('of two in a hundred stores that were closed for months are left out, and the others are used', async () => {
    const { manifest } = await importDemand(counts(100).join('\n'))
    expect(manifest.rows).toBe(98 * 140)
    expect(manifest.rejected).toEqual([
      {
        reason: 'series with missing days, counts',
        rows: 2 * 80,
        examples: [
          'S0 on 2024-02-01 to 2024-03-31, 60 days in total',
          'S1 on 2024-02-01 to 2024-03-31, 60 days in total',
        ],
      },
    ])
  })

  it('of two in five are too many, and false zeros are not asked for', async () => {
    expect(await refusalOf(importDemand(counts(5).join('\n')))).toBe(
      'demand.csv has days without a row for 2 of 5 series (S0 on 2024-02-01 to 2024-03-31, 60 days in total; S1 on 2024-02-01 to 2024-03-31, 60 days in total); at most 20 % may be left out: add the missing rows, with 0 only for days on which it was on sale and did not sell, and 1 in a column closed for days on which it was closed',
    )
  })
})
