/** The data as of a cutoff: photos taken before it. A review is included only if it was made before it. */
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { DAY_MS, durationMs, utcDay } from '../../contracts/duration.js'
import { refuseSource } from '../kit/source-problems.js'
import type { SnapshotDraft, SnapshotRequest, SourceProblems } from '../project.js'
import { generatedBetween } from './generator/generated-photos.js'
import { createIntake } from './photos/intake.js'
import type { ListedPhoto, PhotoSource, Rejected } from './photos/listed-photo.js'
import type { PhotoRow } from './photos/photo.js'
import { openFolder } from './photos/photo-folder.js'
import { writePack } from './photos/photo-pack.js'
import { countRejections, isFault } from './photos/rejections.js'
import { policy } from './policy.js'

/** How many days of the default data a snapshot holds. */
const LOOK_BACK_DAYS = 21
const FEWEST_LABELLED = 60
const FEWEST_OF_A_KIND = 10
/** A source with a greater share of rejected photos is refused. */
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

export async function importSnapshot({ source, cutoff, outFolder, problems }: SnapshotRequest): Promise<SnapshotDraft> {
  const opened = await openPhotos(source, cutoff, problems)
  const before = opened.photos.filter(({ row }) => row.takenAt < cutoff)
  refuseStrays(opened, cutoff, problems)
  const dataFile = join(outFolder, 'photos.pack')
  const { rows, rejected, digest } = await intake(before, cutoff, dataFile)
  const left = [...opened.rejected, ...rejected]
  refuseTooLittle(opened, cutoff, problems, rows, left)
  const labelled = rows.filter(({ review }) => review !== null).length
  const file = opened.labelFile
  return {
    dataFile,
    manifest: {
      source: {
        name: opened.name,
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
export async function openPhotos(
  source: string | undefined,
  cutoff: number,
  problems?: SourceProblems,
): Promise<PhotoSource> {
  if (source === undefined) return generatedBetween(cutoff - LOOK_BACK_DAYS * DAY_MS, cutoff)
  return openFolder(source, { takenAt: cutoff - DAY_MS, knownAt: cutoff - DAY_MS / 2 }, problems)
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

/** A later review is not known yet, and neither is a claim. */
function asOf(row: ListedPhoto['row'], cutoff: number): ListedPhoto['row'] {
  return row.review && row.review.knownAt < cutoff ? row : { ...row, review: null, claim: null }
}

/**
 * Photos after the cutoff are replayed as traffic if the folder has photos on every day of the label horizon. A few
 * photos after the cutoff are a mistake: no canary could be judged on them.
 */
function refuseStrays({ name, photos }: PhotoSource, cutoff: number, problems: SourceProblems | undefined): void {
  const past = photos.filter(({ row }) => row.takenAt >= cutoff)
  if (past.length === 0) return
  const days = new Set(past.map(({ row }) => utcDay(row.takenAt)))
  const first = Math.ceil(cutoff / DAY_MS) * DAY_MS
  const horizon = Array.from({ length: durationMs(policy.labelHorizon) / DAY_MS + 1 }, (_, day) =>
    utcDay(first + day * DAY_MS),
  )
  if (horizon.every((day) => days.has(day))) return
  const problem = `${past.length} photos taken after the cutoff ${new Date(cutoff).toISOString()}, the first ${past[0]?.row.file}`
  const way = `remove them, give a later --cutoff, or add photos up to ${policy.labelHorizon} and a day after the cutoff`
  refuseSource(problems, `${name} has ${problem}; ${way} so that they can be replayed`)
}

function refuseTooLittle(
  { name }: PhotoSource,
  cutoff: number,
  problems: SourceProblems | undefined,
  rows: readonly PhotoRow[],
  rejected: readonly Rejected[],
): void {
  const faulty = rejected.filter(isFault)
  if (faulty.length > MOST_REJECTED * (rows.length + faulty.length)) {
    const why = countRejections(faulty).map((item) => `${item.rows} ${item.reason}`)
    const most = `at most ${MOST_REJECTED * 100} % of the photos may be left out`
    refuseSource(
      problems,
      `${name}: ${faulty.length} photos cannot be used (${why.join('; ')}); fix them first, ${most}`,
    )
  }
  const labels = rows.flatMap(({ review }) => (review ? [review.damaged] : []))
  const damaged = labels.filter((label) => label === 1).length
  const fewest = Math.min(damaged, labels.length - damaged)
  if (labels.length >= FEWEST_LABELLED && fewest >= FEWEST_OF_A_KIND) return
  const found = `${labels.length} reviewed photos before the cutoff ${new Date(cutoff).toISOString()}, ${damaged} of them damaged`
  const wanted = `at least ${FEWEST_LABELLED} are required, ${FEWEST_OF_A_KIND} damaged and ${FEWEST_OF_A_KIND} not`
  refuseSource(problems, `${name} has ${found}; ${wanted}: give a later --cutoff or add photos`)
}

const sha256 = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`
