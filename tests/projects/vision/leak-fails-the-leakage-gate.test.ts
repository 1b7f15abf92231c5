import { beforeAll, describe, expect, it } from 'vitest'
import { DAY_MS } from '../../../contracts/duration.js'
import { leakageGate } from '../../../projects/vision/gates/leakage.js'
import { shortcutsOf } from '../../../projects/vision/gates/shortcuts.js'
import { drawScene } from '../../../projects/vision/generator/draw-photo.js'
import { type Scene, scenesBetween } from '../../../projects/vision/generator/scenes.js'
import type { LabelledPhoto } from '../../../projects/vision/photos/photo.js'
import { qualityOf } from '../../../projects/vision/photos/quality.js'
import { gates, thresholdsOf } from '../../../projects/vision/policy.js'
import { hashOf } from '../../../projects/vision/split.js'

interface Drawn {
  readonly photos: readonly LabelledPhoto[]
  readonly labels: Uint8Array
  readonly shortcuts: readonly ReadonlyMap<string, number>[]
}

function drawn(from: string, days: number): Drawn {
  const begin = Date.parse(from)
  const scenes = scenesBetween(begin, begin + days * DAY_MS).filter(({ defect }) => defect === null)
  const rows = scenes.map((scene) => describeScene(scene))
  return {
    photos: rows.map(({ photo }) => photo),
    labels: Uint8Array.from(scenes, ({ damaged }) => damaged),
    shortcuts: rows.map(({ photo, pixels }) => shortcutsOf(photo, pixels)),
  }
}

function describeScene(scene: Scene): { photo: LabelledPhoto; pixels: Uint8Array } {
  const pixels = drawScene(scene)
  const { file, shipment, takenAt, claim, damaged, dock } = scene
  const review = { damaged, usable: 1, knownAt: takenAt } as const
  const quality = qualityOf({ pixels, width: 224, height: 224 })
  return { photo: { file, shipment, source: dock.name, takenAt, claim, review, half: null, ...quality }, pixels }
}

const honest = { featureVersion: 'parcel_rgb_224_v1', trained: { shipments: [] as string[], rows: 0 } } as const
let steady: Drawn
let stickered: Drawn
beforeAll(() => {
  steady = drawn('2026-02-10', 5)
  stickered = drawn('2026-04-10', 5)
}, 60_000)
const judged = (data: Drawn, model: Parameters<typeof leakageGate>[0]['model'] = honest) =>
  leakageGate({ ...data, model, thresholds: thresholdsOf(gates) })

describe('the leakage gate', () => {
  it('passes honest photos', () => {
    expect(judged(steady)).toMatchObject({ passed: true })
    expect(judged(steady).value).toBeLessThan(0.75)
  })

  it('finds a sticker on damaged parcels only, without a rule for stickers', () => {
    const { passed, value, detail } = judged(stickered)
    expect(passed).toBe(false)
    expect(value).toBeGreaterThan(0.9)
    expect(detail).toMatch(/share of the picture more than 0\.\d red alone has AUC/)
  })

  it('finds a camera used for damaged parcels only', () => {
    const photos = steady.photos.map((photo) => ({ ...photo, source: photo.review.damaged ? 'claims desk' : 'belt' }))
    const shortcuts = photos.map(
      (photo, row) => new Map([...(steady.shortcuts[row] ?? []), ...shortcutsOf(photo, null)]),
    )
    expect(judged({ ...steady, photos, shortcuts }).detail).toContain('taken at')
    expect(judged({ ...steady, photos, shortcuts }).passed).toBe(false)
  })

  it('finds an input known only at the review, by name and by behaviour', () => {
    const found = judged(steady, { ...honest, featureVersion: 'parcel_rgb_224_claim' })
    expect(found).toMatchObject({ passed: false })
    expect(found.detail).toContain('claim_filed is known only at the review')
    expect(found.detail).toContain('input 1 alone has AUC')
  })

  it('finds one shipment on both sides', () => {
    const shipment = steady.photos[10]?.shipment ?? ''
    const found = judged(steady, { ...honest, trained: { shipments: [hashOf(shipment)], rows: 1 } })
    expect(found).toMatchObject({ passed: false })
    expect(found.detail).toContain(`1 shipments are in training and held out, e.g. ${shipment}`)
  })
})
