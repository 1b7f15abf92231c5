import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { LabelledPhoto } from '../../../projects/vision/photos/photo.js'
import { splitPhotos, splitShipments } from '../../../projects/vision/split.js'

const photo = (file: string, shipment: number, takenAt: number, half: 'train' | 'test' | null): LabelledPhoto => ({
  file,
  shipment: `S${shipment}`,
  source: 'dock',
  takenAt,
  review: { damaged: 0, usable: 1, knownAt: takenAt + 1 },
  claim: null,
  half,
  brightness: 100,
  sharpness: 30,
  size: 224,
})

/**
 * Shipments whose photos lie days apart and among those of others; half the time all of one instant, as without dates.
 */
const photos = fc
  .record({
    dated: fc.boolean(),
    halves: fc.boolean(),
    taken: fc.array(fc.tuple(fc.nat(25), fc.nat(1_000)), { minLength: 1, maxLength: 120 }),
  })
  .map(({ dated, halves, taken }) =>
    taken.map(([shipment, at], index) =>
      photo(`${index}.jpg`, shipment, dated ? at : 500, halves ? (shipment % 3 === 0 ? 'test' : 'train') : null),
    ),
  )
const shares = fc.record({
  heldOut: fc.double({ min: 0, max: 0.7, noNaN: true }),
  calibration: fc.double({ min: 0.01, max: 0.29, noNaN: true }),
})
const shipments = (part: readonly LabelledPhoto[]) => new Set(part.map(({ shipment }) => shipment))

it('whatever the shares, each photo is in one part and each shipment wholly in one', () => {
  fc.assert(
    fc.property(photos, shares, (rows, wanted) => {
      const { learn, calibrate, heldOut } = splitShipments(rows, wanted)
      const parts = [learn, calibrate, heldOut]
      expect(
        parts
          .flat()
          .map(({ file }) => file)
          .sort(),
      ).toEqual(rows.map(({ file }) => file).sort())
      const names = parts.flatMap((part) => [...shipments(part)])
      expect(new Set(names).size).toBe(names.length)
    }),
  )
})

it('what the gates hold out is not learned from, with the same share on both sides', () => {
  fc.assert(
    fc.property(photos, shares, (rows, wanted) => {
      const trained = splitShipments(rows, wanted)
      const evaluated = splitShipments(rows, { heldOut: wanted.heldOut, calibration: 0 })
      expect(evaluated.heldOut).toEqual(trained.heldOut)
    }),
  )
})

it('a test half that the source names is what is held out', () => {
  const rows = [0, 1, 2, 3, 4, 5].map((n) => photo(`${n}.jpg`, n, n, n < 2 ? 'test' : 'train'))
  const { heldOut, learn, calibrate } = splitShipments(rows, { heldOut: 0.25, calibration: 0.25 })
  expect(heldOut.map(({ file }) => file)).toEqual(['0.jpg', '1.jpg'])
  expect([...learn, ...calibrate].map(({ half }) => half)).toEqual(['train', 'train', 'train', 'train'])
})

it('dealing photos out one by one does straddle: what the test above would miss if it could not fail', () => {
  const rows = Array.from({ length: 200 }, (_, n) => photo(`${n}.jpg`, n % 40, n, null))
  const { learn, calibrate } = splitPhotos(rows, { heldOut: 0.25, calibration: 0.3 })
  const both = [...shipments(learn)].filter((name) => shipments(calibrate).has(name))
  expect(both.length).toBeGreaterThan(5)
})
