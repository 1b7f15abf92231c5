/** Opens a user's folder: photos, and a label file that lists them. */
import { existsSync, lstatSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'
import { SlipwayError } from '../../../contracts/failure.js'
import { csvTable } from '../../kit/csv-file.js'
import { isHidden } from '../../kit/file-names.js'
import { oneSpelling } from '../../kit/one-spelling.js'
import { refuseSource } from '../../kit/source-problems.js'
import { isFolder, namesIn, onPath, requireFile } from '../../kit/user-file.js'
import { wholeFile } from '../../kit/whole-file.js'
import type { SourceProblems } from '../../project.js'
import { MOST_BYTES } from './decode-photo.js'
import { type Cells, type LabelShape, shapeOf } from './label-file.js'
import type { ListedPhoto, PhotoSource, Rejected } from './listed-photo.js'
import { unlisted } from './rejections.js'

const LABEL_FILES = ['labels.csv', 'manifest.csv']
const PHOTO = /\.(jpe?g|png|webp)$/i

/**
 * @param source the folder, or its label file
 * @param dateless where photos without dates are placed, epoch ms
 * @throws SlipwayError BadData when there is no label file, when it lists a photo that does not exist, is outside the
 * folder or is listed twice, or when a shipment is in both halves of a split
 */
export async function openFolder(
  source: string,
  dateless: { takenAt: number; knownAt: number },
  problems?: SourceProblems,
): Promise<PhotoSource> {
  const { folder, labelFile } = await place(source)
  const bytes = await wholeFile(join(folder, labelFile), 'give a label file in CSV')
  const { shape, lines } = parseLabels(bytes, labelFile)
  const rejected: Rejected[] = []
  const photos: ListedPhoto[] = []
  const below = await photosBelow(folder)
  const onDisk = namesOnDisk(folder, below)
  for (const cells of lines) {
    const read = shape.read(cells)
    if ('problem' in read) rejected.push({ reason: read.problem, file: cells.file ?? '' })
    else photos.push({ row: placed(read.row, dateless), read: () => readPhoto(join(folder, onDisk(read.row.file))) })
  }
  const named = new Set([...photos.map(({ row }) => row.file), ...rejected.map(({ file }) => file)].map(onDisk))
  refuse(labelFile, photos, problems, (file) => kindOf(join(folder, onDisk(file))))
  for (const file of below) {
    if (!named.has(file) && !isHidden(file)) rejected.push({ reason: unlisted(labelFile), file })
  }
  photos.sort((a, b) => a.row.takenAt - b.row.takenAt || (a.row.file < b.row.file ? -1 : 1))
  return { name: `${basename(folder)} (${shape.name})`, photos, rejected, labelFile: { name: labelFile, bytes } }
}

/** A listed file as its folder spells it: the label file may come from a system that spells accents in another way. */
function namesOnDisk(folder: string, below: readonly string[]): (file: string) => string {
  const spelled = new Map(below.map((file) => [oneSpelling(file), file]))
  return (file) => (existsSync(join(folder, file)) ? file : (spelled.get(oneSpelling(file)) ?? file))
}

const WANTED = 'give a folder of photos or its label file'

async function place(source: string): Promise<{ folder: string; labelFile: string }> {
  if (!(await isFolder(source, WANTED))) return { folder: dirname(source), labelFile: basename(source) }
  const names = await namesIn(source, WANTED)
  const labelFile = LABEL_FILES.find((name) => names.includes(name))
  if (labelFile) return { folder: source, labelFile }
  const wanted = 'file, shipment, source, damaged, taken_at where it is known, and one row a photo'
  throw new SlipwayError(
    'BadData',
    `${source} has no label file: add ${LABEL_FILES.join(' or ')} with the columns ${wanted}`,
  )
}

function parseLabels(bytes: Buffer, file: string): { shape: LabelShape; lines: Cells[] } {
  const [columns = [], ...rows] = csvTable(bytes, file)
  const shape = shapeOf(columns, file)
  if (rows.length === 0) throw new SlipwayError('BadData', `${file} lists no photo; add one row for each`)
  const lines = rows.map((cells) => Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? ''])))
  return { shape, lines }
}

function placed(row: ListedPhoto['row'], dateless: { takenAt: number; knownAt: number }): ListedPhoto['row'] {
  if (!Number.isNaN(row.takenAt)) return row
  return { ...row, takenAt: dateless.takenAt, review: row.review && { ...row.review, knownAt: dateless.knownAt } }
}

/** Refuses the whole label file for errors that make the rest of it untrustworthy. */
function refuse(
  labelFile: string,
  photos: ListedPhoto[],
  problems: SourceProblems | undefined,
  kind: (file: string) => Kind,
): void {
  const bad = (problem: string, files: readonly string[], way: string): void => {
    if (files.length === 0) return
    const more = files.length > 3 ? ` and ${files.length - 3} more` : ''
    refuseSource(problems, `${labelFile} ${problem}: ${files.slice(0, 3).join(', ')}${more}; ${way}`)
    // Only while problems are collected: the other photos are checked, too.
    const without = new Set(files)
    photos.splice(0, photos.length, ...photos.filter(({ row }) => !without.has(row.file)))
  }
  const files = photos.map(({ row }) => row.file)
  bad(
    'lists files outside its folder',
    files.filter((file) => file.startsWith('..') || file.startsWith('/')),
    'move them into it',
  )
  const missing = files.filter((file) => kind(file) === 'missing')
  bad(`lists ${missing.length} photos that do not exist`, missing, 'add the photos or remove their rows')
  const others = files.filter((file) => kind(file) === 'no file')
  const about = `lists ${others.length} photos that are folders, named pipes or links that lead nowhere`
  bad(about, others, 'put the photos in their place or remove their rows')
  const seen = new Set<string>()
  const twice = files.filter((file) => seen.has(file) || !seen.add(file))
  bad(`lists ${twice.length} photos twice`, twice, 'keep one row for each')
  const halves = new Map(photos.map(({ row }) => [row.shipment, row.half]))
  const straddling = photos.filter(({ row }) => halves.get(row.shipment) !== row.half).map(({ row }) => row.shipment)
  bad('has shipments in both halves of its split', [...new Set(straddling)], 'put each into train or test as a whole')
}

type Kind = 'file' | 'no file' | 'missing'

function kindOf(path: string): Kind {
  try {
    const known = statSync(path, { throwIfNoEntry: false })
    if (known) return known.isFile() ? 'file' : 'no file'
    return lstatSync(path, { throwIfNoEntry: false }) ? 'no file' : 'missing'
  } catch (error) {
    // A name may hold characters that no path has, or be too long for one.
    return (error as NodeJS.ErrnoException).code === 'ELOOP' ? 'no file' : 'missing'
  }
}

const READABLE = 'make it readable, or remove its row'

async function readPhoto(path: string): Promise<Buffer | undefined> {
  const { size } = await requireFile(path, READABLE)
  return size > MOST_BYTES ? undefined : onPath(path, READABLE, () => readFile(path))
}

/** A folder may be named like a photo. */
const photosBelow = async (folder: string): Promise<string[]> =>
  (await namesIn(folder, WANTED, { recursive: true }))
    .map((file) => file.split(sep).join('/'))
    .filter((file) => PHOTO.test(file) && kindOf(join(folder, file)) === 'file')
    .sort()
