/** The data as of a cutoff: photos taken before it, with a reviewer's word only where it was spoken before it. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { DAY_MS, durationMs, utcDay } from '../../contracts/duration.js'
import { SlipwayError } from '../../contracts/failure.js'
import type { SnapshotDraft, SnapshotRequest } from '../project.js'
import { generatedBetween } from './generator/photos.js'
import { openFolder } from './photos/folder.js'
import { createIntake } from './photos/intake.js'
import type { ListedPhoto, PhotoSource, Rejected } from './photos/listed.js'
import { writePack } from './photos/pack.js'
import type { PhotoRow } from './photos/photo.js'
import { countRejections, isFault } from './photos/rejections.js'
import { policy } from './policy.js'

/** Days of the default data that a snapshot looks back on. */
const LOOK_BACK_DAYS = 21
const FEWEST_LABELLED = 60
const FEWEST_OF_A_KIND = 10
/** Share of a source's photos that may be left out before all of it is refused. */
const MOST_REJECTED = 0.2

const COLUMNS = [
  ['file', 'text'],
  ['shipment', 'text'],
  ['source', 'text'],
  ['takenAt', 'epoch ms'],
  ['review', 'damaged 0/1, usable 0/1, known at (epoch ms); null while open'],
  ['claim', '0/1 or null, known at the review'],
  ['half', 'train, test or null'],
  ['brightness', 'mean grey level'],
  ['sharpness', 'grey levels'],
  ['size', 'pixels'],
  ['photo', 'JPEG, 224 × 224'],
] as const

export async function importSnapshot({ source: path, cutoff, outFolder }: SnapshotRequest): Promise<SnapshotDraft> {
  const source = await openSource(path, cutoff)
  const before = source.photos.filter(({ row }) => row.takenAt < cutoff)
  refuseStrays(source, cutoff)
  const dataFile = join(outFolder, 'photos.pack')
  const { rows, rejected, digest } = await intake(before, cutoff, dataFile)
  const left = [...source.rejected, ...rejected]
  refuseTooLittle(source, cutoff, rows, left)
  const labelled = rows.filter(({ review }) => review !== null).length
  const file = source.labelFile
  return {
    dataFile,
    manifest: {
      source: {
        name: source.name,
        files: [
          ...(file ? [{ name: file.name, sha256: sha256(file.bytes), bytes: file.bytes.length }] : []),
          { name: `${before.length} photos, by name and content`, ...digest },
        ],
      },
      cutoff: new Date(cutoff).toISOString(),
      days: { first: utcDay(rows[0]?.takenAt ?? cutoff), last: utcDay(rows.at(-1)?.takenAt ?? cutoff) },
      rows: rows.length,
      labelled,
      censored: rows.length - labelled,
      rejected: countRejections(left),
      columns: COLUMNS.map(([name, type]) => ({ name, type })),
    },
  }
}

/** Photos without dates count as taken on the day before the cutoff, and reviewed at noon. */
export async function openSource(path: string | undefined, cutoff: number): Promise<PhotoSource> {
  if (path === undefined) return generatedBetween(cutoff - LOOK_BACK_DAYS * DAY_MS, cutoff)
  return openFolder(path, { takenAt: cutoff - DAY_MS, knownAt: cutoff - DAY_MS / 2 })
}

async function intake(photos: readonly ListedPhoto[], cutoff: number, dataFile: string) {
  const { open, digest } = createIntake()
  const pack = writePack(dataFile)
  const rows: PhotoRow[] = []
  const rejected: Rejected[] = []
  for (const photo of photos) {
    const found = await open({ ...photo, row: asOf(photo.row, cutoff) })
    if ('reason' in found) rejected.push(found)
    else {
      rows.push(found.row)
      await pack.add(found.row, found.bytes)
    }
  }
  await pack.finish()
  return { rows, rejected, digest: digest() }
}

/** What nobody has said yet is not known, a claim included. */
function asOf(row: ListedPhoto['row'], cutoff: number): ListedPhoto['row'] {
  return row.review && row.review.knownAt < cutoff ? row : { ...row, review: null, claim: null }
}

/**
 * A folder that goes on past the cutoff is a history whose later days are replayed as traffic: it has photos on every day of
 * the label horizon. A few beyond the cutoff are a mistake.
 */
function refuseStrays({ name, photos }: PhotoSource, cutoff: number): void {
  const past = photos.filter(({ row }) => row.takenAt >= cutoff)
  if (past.length === 0) return
  const days = new Set(past.map(({ row }) => utcDay(row.takenAt)))
  const first = Math.ceil(cutoff / DAY_MS) * DAY_MS
  const horizon = Array.from({ length: durationMs(policy.labelHorizon) / DAY_MS + 1 }, (_, day) =>
    utcDay(first + day * DAY_MS),
  )
  if (horizon.every((day) => days.has(day))) return
  const problem = `${past.length} photos taken after the cutoff ${new Date(cutoff).toISOString()}, the first ${past[0]?.row.file}`
  const way = `leave them out, name a later --cutoff, or let the folder go on for ${policy.labelHorizon} and a day`
  throw new SlipwayError('BadData', `${name} has ${problem}; ${way} so that it can be replayed`)
}

function refuseTooLittle(
  { name }: PhotoSource,
  cutoff: number,
  rows: readonly PhotoRow[],
  rejected: readonly Rejected[],
): void {
  const faulty = rejected.filter(isFault)
  if (faulty.length > MOST_REJECTED * (rows.length + faulty.length)) {
    const why = countRejections(faulty).map((item) => `${item.rows} ${item.reason}`)
    throw new SlipwayError(
      'BadData',
      `${name}: ${faulty.length} photos cannot be used (${why.join('; ')}); mend them first`,
    )
  }
  const labels = rows.flatMap(({ review }) => (review ? [review.damaged] : []))
  const damaged = labels.filter((label) => label === 1).length
  const fewest = Math.min(damaged, labels.length - damaged)
  if (labels.length >= FEWEST_LABELLED && fewest >= FEWEST_OF_A_KIND) return
  const found = `${labels.length} reviewed photos before the cutoff ${new Date(cutoff).toISOString()}, ${damaged} of them damaged`
  const wanted = `at least ${FEWEST_LABELLED} are needed, ${FEWEST_OF_A_KIND} damaged and ${FEWEST_OF_A_KIND} not`
  throw new SlipwayError('BadData', `${name} has ${found}; ${wanted}: name a later --cutoff or add photos`)
}

const sha256 = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`
