import { expect, it } from 'vitest'
import { withPack } from '../../../projects/vision/photos/photo-pack.js'
import { importFolder, magneticTiles } from './parcel-folders.js'

const tiles = magneticTiles()

it.skipIf(tiles === null)(
  '1,344 tiles, the tile as shipment, the exposure as source, defects as damage',
  async () => {
    const { snapshot, dataFile } = await importFolder(tiles as string)
    expect(snapshot).toMatchObject({ rows: 1_344, labelled: 1_344, censored: 0, rejected: [] })
    expect(snapshot.source.files[0]).toMatchObject({ name: 'manifest.csv', bytes: 58_915 })
    await withPack(dataFile, async ({ rows }) => {
      expect(rows.filter(({ review }) => review?.damaged === 1)).toHaveLength(392)
      expect(rows.find(({ file }) => file === 'Blowhole/exp1_num_108719.jpg')).toMatchObject({
        shipment: 'tile-108719',
        source: 'exposure-1',
      })
      const brightness = [1, 2, 3, 4, 5, 6].map((exposure) => {
        const own = rows.filter(({ source }) => source === `exposure-${exposure}`)
        return own.reduce((sum, row) => sum + row.brightness, 0) / own.length
      })
      // As the data's own description has it.
      const described = [67, 84, 101, 119, 136, 154]
      expect(Math.max(...brightness.map((mean, index) => Math.abs(mean - (described[index] ?? 0))))).toBeLessThan(1)
    })
  },
  120_000,
)
