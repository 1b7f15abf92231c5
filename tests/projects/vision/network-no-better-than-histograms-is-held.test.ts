import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../projects/kit/random.js'
import type { HeldOut } from '../../../projects/vision/gates/answers.js'
import { histogramGate } from '../../../projects/vision/gates/histograms.js'
import { histogramsOf } from '../../../projects/vision/model/histograms.js'
import { fitLogistic, logOddsBy } from '../../../projects/vision/model/logistic.js'
import type { LabelledPhoto } from '../../../projects/vision/photos/photo.js'

const EDGE = 224
const random = seededRandom(3)

/** Noise of some brightness; a damaged one has a scratch in the middle. */
function drawn(damaged: boolean): Uint8Array {
  const light = 80 + 80 * random()
  return Uint8Array.from({ length: EDGE * EDGE * 3 }, (_, at) => {
    const [row, column] = [Math.floor(at / 3 / EDGE), Math.floor(at / 3) % EDGE]
    const onScratch = damaged && Math.abs(row - column) < 3 && row > 80 && row < 150
    return light + 20 * random() - (onScratch ? 50 : 0)
  })
}

const pictures = Array.from({ length: 60 }, (_, index) => drawn(index % 3 === 0))
const photos = pictures.map(
  (_, index) =>
    ({
      file: String(index),
      shipment: `S${index}`,
      source: 'dock',
      review: { damaged: index % 3 === 0 ? 1 : 0, usable: 1, knownAt: 0 },
    }) as LabelledPhoto,
)
const pack = {
  rows: [],
  bytesOf: (row: object) =>
    sharp(pictures[Number(Reflect.get(row, 'file'))], { raw: { width: EDGE, height: EDGE, channels: 3 } })
      .jpeg({ quality: 95 })
      .toBuffer(),
}
const [learn, held] = [photos.slice(0, 40), photos.slice(40)]

const gateFor = (probabilityOf: (damaged: number) => number, network: object | null = {}) => {
  const outputs = held.map(({ review }) => ({ probability: probabilityOf(review.damaged) }))
  const heldOut: Pick<HeldOut, 'photos' | 'labels' | 'histograms'> & { candidate: unknown } = {
    photos: held,
    labels: Uint8Array.from(held, ({ review }) => review.damaged),
    histograms: held.map(({ file }) => histogramsOf(pictures[Number(file)] as Uint8Array)),
    candidate: { model: { network }, outputs },
  }
  return histogramGate(pack, learn, heldOut as HeldOut)
}

describe('a network', () => {
  it('that guesses where histograms of gradients see the scratch is held', async () => {
    const gate = await gateFor(() => 0.5)
    expect(gate).toMatchObject({ name: 'beats_histograms', passed: false, value: 0.5, threshold: 1 })
    expect(gate.detail).toContain(
      'AUC 0.500 against 1.000 of gradient histograms with a logistic regression, learned from 40',
    )
  })

  it('that sees it too passes', async () => {
    expect(await gateFor((damaged) => 0.2 + 0.5 * damaged)).toMatchObject({ passed: true, value: 1 })
  })
})

it('the rule that reviews every photo has no network to compare', async () => {
  expect(await gateFor(() => 0.3, null)).toMatchObject({ passed: true, threshold: null })
})

it('the same photos give the same regression', () => {
  const rows = pictures.slice(0, 20).map(histogramsOf)
  const labels = rows.map((_, index) => (index % 3 === 0 ? 1 : 0))
  const once = logOddsBy(fitLogistic(rows, labels))(rows[0] as Float32Array)
  expect(logOddsBy(fitLogistic(rows, labels))(rows[0] as Float32Array)).toBe(once)
  expect(once).toBeGreaterThan(0)
})
