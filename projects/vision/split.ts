/** Splits a snapshot by whole shipments: train on the oldest, calibrate on later ones, hold out the newest. */
import { createHash } from 'node:crypto'
import { chanceOf } from './generator/named-random.js'
import type { LabelledPhoto, PhotoRow } from './photos/photo.js'

export interface Parts {
  readonly learn: readonly LabelledPhoto[]
  readonly calibrate: readonly LabelledPhoto[]
  readonly heldOut: readonly LabelledPhoto[]
}

export interface Shares {
  readonly heldOut: number
  readonly calibration: number
}

export const labelledOf = (rows: readonly PhotoRow[]): LabelledPhoto[] =>
  rows.filter((row): row is LabelledPhoto => row.review !== null)

/**
 * Splits the labelled photos by shares, in order of the time when a shipment was complete. Shipments of one instant, as
 * in a folder without dates, are ordered by hash. If the source has its own split, its test half is held out.
 */
export function splitShipments(rows: readonly PhotoRow[], { heldOut, calibration }: Shares): Parts {
  const labelled = labelledOf(rows)
  const shipments = [...byShipment(labelled).values()].sort(
    (a, b) => timeOf(a) - timeOf(b) || (hashShipment(a[0]) < hashShipment(b[0]) ? -1 : 1),
  )
  const presplit = labelled.some(({ half }) => half !== null)
  const rest = presplit ? shipments.filter((photos) => photos[0]?.half !== 'test') : shipments
  const total = rest.reduce((sum, { length }) => sum + length, 0)
  const last = presplit ? total : total * (1 - heldOut)
  const first = last - total * calibration
  const parts = { learn: [] as LabelledPhoto[], calibrate: [] as LabelledPhoto[], heldOut: [] as LabelledPhoto[] }
  let before = 0
  for (const photos of rest) {
    before += photos.length
    parts[before <= first ? 'learn' : before <= last ? 'calibrate' : 'heldOut'].push(...photos)
  }
  return presplit ? { ...parts, heldOut: labelled.filter(({ half }) => half === 'test') } : parts
}

/** A mistake on purpose: a split by photo, so that a shipment is on both sides. The leakage gate must find it. */
export function splitPhotos(rows: readonly PhotoRow[], { calibration }: Shares): Omit<Parts, 'heldOut'> {
  const dealt = labelledOf(rows).map((photo) => ({ photo, at: chanceOf('deal', photo.file).between(0, 1) }))
  return {
    learn: dealt.filter(({ at }) => at >= calibration).map(({ photo }) => photo),
    calibrate: dealt.filter(({ at }) => at < calibration).map(({ photo }) => photo),
  }
}

function byShipment(photos: readonly LabelledPhoto[]): Map<string, LabelledPhoto[]> {
  const groups = new Map<string, LabelledPhoto[]>()
  for (const photo of photos) {
    const group = groups.get(photo.shipment)
    if (group) group.push(photo)
    else groups.set(photo.shipment, [photo])
  }
  return groups
}

const timeOf = (photos: readonly PhotoRow[]): number => Math.max(...photos.map(({ takenAt }) => takenAt))

/** Eight bytes of a hash of the shipment's name: enough to distinguish them, and no customer data in an artifact. */
export const hashOf = (shipment: string): string => createHash('sha256').update(shipment).digest('hex').slice(0, 16)

const hashShipment = (photo: PhotoRow | undefined): string => hashOf(photo?.shipment ?? '')
