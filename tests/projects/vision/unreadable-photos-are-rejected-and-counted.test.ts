import { truncateSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { beforeAll, expect, it } from 'vitest'
import { fileOf } from '../../../projects/vision/generator/draw-photo.js'
import type { Scene } from '../../../projects/vision/generator/scenes.js'
import { decode, isReadable } from '../../../projects/vision/photos/decode-photo.js'
import { withPack } from '../../../projects/vision/photos/photo-pack.js'
import {
  folder,
  goodScenes,
  type Imported,
  importFolder,
  lineOf,
  put,
  writeLabels,
  writePhotos,
} from './parcel-folders.js'

const GOOD = 90
const BAD = {
  'bad/truncated.jpg': 'broken or truncated',
  'bad/html.jpg': 'neither JPEG nor PNG',
  'bad/empty.jpg': 'empty file',
  'bad/heavy.jpg': 'larger than 16 MB or 40 million pixels',
  'bad/bomb.png': 'larger than 16 MB or 40 million pixels',
  'bad/mislabelled.jpg': 'named .jpg but holds png',
  'bad/twice.jpg': 'the same picture a second time',
  'bad/unsure.jpg': 'damaged is "maybe", neither 0 nor 1',
  'bad/unlisted.jpg': 'not named in labels.csv',
} as const

let imported: Imported
beforeAll(async () => {
  const path = folder()
  const scenes = goodScenes(GOOD + 1)
  const [spare, ...good] = scenes as [Scene, ...Scene[]]
  await writePhotos(path, good)
  const photo = await fileOf(spare)
  const flat = (edge: number, format: 'png' | 'jpeg') =>
    sharp({ create: { width: edge, height: edge, channels: 3, background: '#864' } })
      .toFormat(format)
      .toBuffer()
  put(path, 'bad/truncated.jpg', photo.subarray(0, photo.length / 2))
  put(path, 'bad/html.jpg', '<html>502</html>')
  put(path, 'bad/empty.jpg', '')
  put(path, 'bad/heavy.jpg', photo)
  truncateSync(join(path, 'bad/heavy.jpg'), 17_000_000)
  put(path, 'bad/bomb.png', await flat(7_000, 'png'))
  put(path, 'bad/mislabelled.jpg', await flat(300, 'png'))
  put(path, 'bad/twice.jpg', await fileOf(good[0] as Scene))
  put(path, 'bad/unsure.jpg', photo)
  put(path, 'bad/unlisted.jpg', photo)
  const listed = Object.keys(BAD).filter((file) => file !== 'bad/unlisted.jpg')
  const lines = listed.map((file) => ({
    ...lineOf(spare),
    file,
    taken_at: '2026-02-20T00:00:00Z',
    reviewed_at: '',
    shipment: `other-${file}`,
    damaged: file === 'bad/unsure.jpg' ? 'maybe' : '0',
  }))
  writeLabels(path, [...good.map(lineOf), ...lines])
  imported = await importFolder(path)
}, 60_000)

it('each file that cannot be used is counted under its reason and named', () => {
  const { rejected } = imported.snapshot
  for (const [file, reason] of Object.entries(BAD)) {
    const line = rejected.find((item) => item.reason.startsWith(`${reason}: `))
    expect(line?.reason, `${file} in ${JSON.stringify(rejected)}`).toContain(file)
  }
  expect(rejected.reduce((sum, { rows }) => sum + rows, 0)).toBe(Object.keys(BAD).length)
})

it('the other photos are all there, and none of the unusable ones', async () => {
  expect(imported.snapshot.rows).toBe(GOOD)
  const files = await withPack(imported.dataFile, async ({ rows }) => rows.map(({ file }) => file))
  expect(files).toHaveLength(GOOD)
  expect(files.filter((file) => file.startsWith('bad/'))).toEqual([])
})

it('every photo that was kept is a JPEG of 224 by 224 pixels with its quality measured', async () => {
  await withPack(imported.dataFile, async (pack) => {
    for (const row of pack.rows.slice(0, 5)) {
      const head = await sharp(await pack.bytesOf(row)).metadata()
      expect(head).toMatchObject({ format: 'jpeg', width: 224, height: 224 })
      expect(row.brightness).toBeGreaterThan(20)
      expect(row.sharpness).toBeGreaterThan(10)
      expect(row.size).toBe(224)
    }
  })
})

it('large interlaced photos are decoded one after the other, whatever comes at once', async () => {
  const photo = await sharp({ create: { width: 5_700, height: 3_000, channels: 3, background: '#864' } })
    .png({ progressive: true, compressionLevel: 1 })
    .toBuffer()
  // Measured: 70 MB, and 230 MB for four at once.
  const before = process.memoryUsage.rss()
  let most = before
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss())
  }, 5)
  const decoded = await Promise.all(Array.from({ length: 4 }, () => decode(photo)))
  clearInterval(timer)
  expect(decoded.every(isReadable)).toBe(true)
  expect((most - before) / 2 ** 20).toBeLessThan(140)
})
