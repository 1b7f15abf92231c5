import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { DAY_MS } from '../../../contracts/duration.js'
import type { Scene } from '../../../projects/vision/generator/scenes.js'
import {
  CUTOFF,
  FROM,
  folder,
  goodScenes,
  importFolder,
  type LabelLine,
  lineOf,
  writeLabels,
  writePhotos,
} from './parcel-folders.js'

const scenes = goodScenes(70)
let path: string
beforeAll(async () => {
  path = folder()
  await writePhotos(path, scenes)
}, 60_000)

const refused = async (lines: readonly LabelLine[], cutoff = CUTOFF): Promise<string> => {
  writeLabels(path, lines)
  return importFolder(path, cutoff).then(
    () => 'accepted',
    (error: { type?: string; message: string }) => `${error.type}: ${error.message}`,
  )
}
const lines = scenes.map(lineOf)

it('the same folder without an error is accepted', async () => {
  expect(await refused(lines)).toBe('accepted')
})

it('a shipment in both halves of a split', async () => {
  const pair = scenes.find(({ shipment }, index) => scenes[index + 1]?.shipment === shipment) as Scene
  const straddling = lines.map((line, index) => ({
    ...line,
    split:
      line.shipment === pair.shipment ? (line.file === pair.file ? 'train' : 'test') : index % 2 ? 'train' : 'train',
  }))
  expect(await refused(straddling)).toMatch(
    /BadData: labels.csv has shipments in both halves of its split: S\d+-\d+; put/,
  )
  expect(await refused(straddling)).toContain(pair.shipment)
})

it('a label file that lists photos that do not exist', async () => {
  const message = await refused([...lines, { ...(lines[0] as LabelLine), file: 'dock-north/gone.jpg' }])
  expect(message).toMatch(/BadData: labels.csv lists 1 photos that do not exist: dock-north\/gone.jpg; add the photos/)
})

it('a photo listed twice, and one outside the folder', async () => {
  expect(await refused([...lines, lines[0] as LabelLine])).toMatch(/BadData: labels.csv lists 1 photos twice: dock-/)
  const outside = { ...(lines[0] as LabelLine), file: '../../etc/passwd.jpg' }
  expect(await refused([...lines, outside])).toMatch(/BadData: labels.csv lists files outside its folder: \.\.\//)
})

it('a few photos taken after the cutoff', async () => {
  const cutoff = Date.parse((lines.at(-1) as LabelLine).taken_at)
  expect(await refused(lines, cutoff)).toMatch(/BadData: .* has 1 photos taken after the cutoff .*; remove them/)
})

it('too few labels, or of one kind only', async () => {
  expect(await refused(lines.slice(0, 40))).toMatch(/BadData: .* has 40 reviewed photos .*; at least 60 are required/)
  const whole = lines.map((line) => ({ ...line, damaged: '0' }))
  expect(await refused(whole)).toMatch(/BadData: .* 0 of them damaged; at least 60 are required, 10 damaged/)
  expect(await refused(lines, FROM - 30 * DAY_MS)).toMatch(/BadData/)
})

it('too many rows with invalid cells', async () => {
  const undated = lines.map((line, index) => (index % 3 === 0 ? { ...line, taken_at: 'yesterday' } : line))
  expect(await refused(undated)).toMatch(/BadData: .* photos cannot be used .*taken_at is "yesterday", no date.*; fix/)
})

it('unknown columns, a file that is not CSV, no row at all', async () => {
  const labels = join(path, 'labels.csv')
  const message = () =>
    importFolder(path).then(
      () => 'accepted',
      (error: { type?: string; message: string }) => `${error.type}: ${error.message}`,
    )
  writeFileSync(labels, 'picture,broken\na.jpg,1\n')
  expect(await message()).toMatch(/BadData: labels.csv has the columns picture, broken; give it file, shipment, source/)
  writeFileSync(labels, 'file,shipment,source,taken_at,damaged\n"a.jpg,1\n')
  expect(await message()).toMatch(/BadData: labels.csv cannot be read as CSV/)
  writeFileSync(labels, 'file,shipment,source,taken_at,damaged\n')
  expect(await message()).toMatch(/BadData: labels.csv lists no photo/)
  rmSync(labels)
  await expect(importFolder(join(path, 'nowhere'))).rejects.toThrow(/nowhere does not exist; give a folder of photos/)
  expect(await message()).toMatch(/BadData: .* has no label file: add labels.csv or manifest.csv with the columns file/)
})
