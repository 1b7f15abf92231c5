/** The generated photos as a source. The newest files are kept: within one thread, what reads a photo again has it. */
import type { ListedPhoto, PhotoSource } from '../photos/listed-photo.js'
import { fileOf } from './draw-photo.js'
import { type Scene, scenesBetween } from './scenes.js'

const KEPT = 3_000
const kept = new Map<string, Promise<Buffer>>()

function drawn(scene: Scene): Promise<Buffer> {
  const known = kept.get(scene.file)
  if (known) return known
  const file = fileOf(scene)
  kept.set(scene.file, file)
  const oldest = kept.keys().next().value
  if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest)
  return file
}

const listed = (scene: Scene): ListedPhoto => ({
  row: {
    file: scene.file,
    shipment: scene.shipment,
    source: scene.dock.name,
    takenAt: scene.takenAt,
    review: scene.knownAt === null ? null : { damaged: scene.damaged, usable: scene.usable, knownAt: scene.knownAt },
    claim: scene.claim,
    half: null,
  },
  read: () => drawn(scene),
})

/** Taken in [from, to). */
export const generatedBetween = (from: number, to: number): PhotoSource => ({
  name: 'generated parcels, seed 4',
  photos: scenesBetween(from, to).map(listed),
  rejected: [],
  labelFile: null,
})
