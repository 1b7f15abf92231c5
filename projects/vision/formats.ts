import { DAY_MS } from '../../contracts/duration.js'
import type { SourceFormat } from '../project.js'
import { fileOf } from './generator/draw-photo.js'
import { scenesBetween } from './generator/scenes.js'

const FILE = { name: 'file', type: 'path of the photo below the folder', about: 'JPEG, PNG or WebP, at most 16 MB' }
const PHOTOS = 100
const FROM = Date.parse('2026-02-02T00:00:00Z')

/** Photos whose review is known: in whole days, so that shipments are complete. */
const scenes = () =>
  scenesBetween(FROM, FROM + 10 * DAY_MS)
    .filter(({ defect, knownAt }) => defect === null && knownAt !== null)
    .slice(0, PHOTOS)

export const formats: readonly SourceFormat[] = [
  {
    name: 'photo labels',
    about:
      'A folder of photos with labels.csv: one row a photo. At least 60 reviewed photos are needed before the cutoff, 10 of them damaged and 10 not. The same picture a second time is left out; of other faults at most 20 % of the photos.',
    files: [
      {
        file: 'labels.csv or manifest.csv',
        kind: 'CSV (separated by comma, ; or tab) in UTF-8',
        fields: [
          FILE,
          { name: 'shipment', type: 'text', about: 'its photos are never on both sides of a split' },
          { name: 'source', type: 'text', about: 'dock or camera; empty is one source' },
          { name: 'damaged', type: '1, 0, or empty before the review' },
          {
            name: 'taken_at',
            type: 'instant, 2026-02-01T08:15Z',
            optional: true,
            about: 'without this column all photos count as taken the day before the cutoff',
          },
          { name: 'reviewed_at', type: 'instant', optional: true, about: 'otherwise the end of the label horizon' },
          { name: 'usable', type: '1 or 0', optional: true, about: 'whether damage could be judged on the photo' },
          { name: 'claim_filed', type: '1 or 0', optional: true },
          { name: 'split', type: 'train or test', optional: true, about: 'the half of your own split' },
        ],
      },
    ],
    source: '',
    async example() {
      const files: Record<string, string | Uint8Array> = {}
      const lines = ['file,shipment,source,taken_at,damaged,reviewed_at,usable']
      for (const scene of scenes()) {
        const { file, shipment, dock, takenAt, damaged, knownAt, usable } = scene
        const [taken, known] = [takenAt, knownAt ?? takenAt].map((at) => new Date(at).toISOString())
        lines.push([file, shipment, dock.name, taken, damaged, known, usable].join(','))
        files[file] = await fileOf(scene)
      }
      return { 'labels.csv': lines.join('\n'), ...files }
    },
  },
  {
    name: 'magnetic-tile manifest',
    about:
      'The public photos of magnetic tiles: the tile is the shipment, the exposure is the source. It has no dates.',
    files: [
      {
        file: 'manifest.csv',
        kind: 'CSV',
        fields: [
          { ...FILE, about: 'its name holds the number of the tile, num_108719' },
          { name: 'class', type: 'text, not read' },
          { name: 'defect', type: '1 or 0' },
          { name: 'exposure', type: 'text' },
        ],
      },
    ],
    source: '',
    async example() {
      const files: Record<string, string | Uint8Array> = {}
      const lines = ['file,class,defect,exposure']
      for (const [index, scene] of scenes().entries()) {
        const file = `exp${(index % 6) + 1}_num_${1_000 + index}.jpg`
        lines.push([file, scene.damaged ? 'Crack' : 'Free', scene.damaged, (index % 6) + 1].join(','))
        files[file] = await fileOf(scene)
      }
      return { 'manifest.csv': lines.join('\n'), ...files }
    },
  },
]
