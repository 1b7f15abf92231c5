/** The supported label files, each parsed into the same rows. A row with an invalid cell is rejected and counted. */
import { posix } from 'node:path'
import { durationMs } from '../../../contracts/duration.js'
import { SlipwayError } from '../../../contracts/failure.js'
import { readInstant } from '../../../contracts/read-instant.js'
import { oneSpelling } from '../../kit/one-spelling.js'
import { policy } from '../policy.js'
import type { Flag, PhotoRow, Quality } from './photo.js'

export type Cells = Readonly<Record<string, string>>

/** `problem` says why a row is rejected. `takenAt` is NaN in a file without dates: the importer dates such photos. */
export type LabelRow = { readonly row: Omit<PhotoRow, keyof Quality> } | { readonly problem: string }

export interface LabelShape {
  readonly name: string
  readonly columns: readonly string[]
  read(cells: Cells): LabelRow
}

/** Slipway's own format: one row a photo. All other columns are optional, dates too: the importer places them then. */
const own: LabelShape = {
  name: 'photo labels',
  columns: ['file', 'shipment', 'source', 'damaged'],
  read(cells) {
    const [damaged, usable, claim] = [flag(cells.damaged), flag(cells.usable), flag(cells.claim_filed)]
    if (damaged === 'bad') return { problem: `damaged is "${cells.damaged}", neither 0 nor 1` }
    if (usable === 'bad') return { problem: `usable is "${cells.usable}", neither 0 nor 1` }
    if (!cells.shipment) return { problem: 'no shipment' }
    const half = cells.split ?? ''
    if (half !== '' && half !== 'train' && half !== 'test')
      return { problem: `split is "${half}", neither train nor test` }
    const takenAt = cells.taken_at === undefined ? Number.NaN : readInstant(cells.taken_at)?.at
    if (takenAt === undefined) return { problem: `taken_at is "${cells.taken_at}", no date such as 2026-02-01T08:15` }
    // A review without a date counts as made at the end of the label horizon.
    const reviewedAt = cells.reviewed_at
      ? (readInstant(cells.reviewed_at)?.at ?? Number.NaN)
      : takenAt + durationMs(policy.labelHorizon)
    const isBefore = cells.taken_at !== undefined && !(reviewedAt >= takenAt)
    if (isBefore || (cells.reviewed_at && Number.isNaN(reviewedAt)))
      return { problem: `reviewed_at is "${cells.reviewed_at}", no date after taken_at` }
    return {
      row: {
        file: posix.normalize(cells.file ?? ''),
        shipment: oneSpelling(cells.shipment),
        source: cells.source || 'unnamed',
        takenAt,
        review: damaged === null ? null : { damaged, usable: usable ?? 1, knownAt: reviewedAt },
        claim: claim === 'bad' ? null : claim,
        half: half === '' ? null : half,
      },
    }
  },
}

/** The magnetic tiles of Huang et al. The tile's number is in the file's name, the exposure is the source. No dates. */
const magneticTile: LabelShape = {
  name: 'magnetic-tile manifest',
  columns: ['file', 'class', 'defect', 'exposure'],
  read({ file = '', defect, exposure }) {
    const damaged = flag(defect)
    const tile = /num_(\d+)/.exec(file)?.[1]
    if (damaged === null || damaged === 'bad') return { problem: `defect is "${defect}", neither 0 nor 1` }
    if (tile === undefined) return { problem: 'no tile number in its name' }
    return {
      row: {
        file: posix.normalize(file),
        shipment: `tile-${tile}`,
        source: `exposure-${exposure}`,
        takenAt: Number.NaN,
        review: { damaged, usable: 1, knownAt: Number.NaN },
        claim: null,
        half: null,
      },
    }
  },
}

const SHAPES = [own, magneticTile]

/** @throws SlipwayError BadData naming the supported columns */
export function shapeOf(columns: readonly string[], file: string): LabelShape {
  const found = SHAPES.find((shape) => shape.columns.every((column) => columns.includes(column)))
  if (found) return found
  const wanted = SHAPES.map((shape) => `${shape.columns.join(', ')} (${shape.name})`).join(' or ')
  throw new SlipwayError('BadData', `${file} has the columns ${columns.join(', ') || 'none'}; give it ${wanted}`)
}

function flag(text: string | undefined): Flag | null | 'bad' {
  if (text === undefined || text === '') return null
  return text === '1' ? 1 : text === '0' ? 0 : 'bad'
}
