/**
 * The files of a user's path that are stored: one file, or all files of a folder, without those that systems keep for
 * themselves.
 */
import type { Stats } from 'node:fs'
import { lstat, readdir, realpath, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { errorText } from '../../contracts/error-text.js'
import { SlipwayError } from '../../contracts/failure.js'
import { pathProblem } from '../../contracts/path-problem.js'
import { isHidden } from '../../projects/kit/file-names.js'
import { requireSafeName } from './file-names.js'
import { MOST_FILES, tooLarge } from './limits.js'
import type { PackedFile } from './tar-file.js'

export interface Collected {
  /** Of the file or folder. */
  readonly name: string
  /** In the order of their names. */
  readonly files: readonly PackedFile[]
  readonly bytes: number
}

/**
 * @throws SlipwayError BadRequest when there is nothing to store, when it is too large, or when it has links or devices
 */
export async function collectFiles(path: string, most: number): Promise<Collected> {
  const place = resolve(path)
  const name = basename(place)
  const known = await stat(place).catch((error: NodeJS.ErrnoException) => {
    const why = pathProblem(error) ?? `cannot be read (${errorText(error)})`
    throw new SlipwayError('BadRequest', `${path} ${why}; name a file or folder`)
  })
  if (known.isFile()) return { name, bytes: bounded(known.size, most), files: [await fileOf(name, place, known)] }
  if (!known.isDirectory()) throw new SlipwayError('BadRequest', `${path} is neither a file nor a folder`)
  // The path itself may be a link; what is inside must lie inside.
  const files = await filesBelow(await realpath(place), name, path)
  if (files.length === 0) throw new SlipwayError('BadRequest', `${path} has no files; there is nothing to store`)
  files.sort((a, b) => (a.name < b.name ? -1 : 1))
  return { name, files, bytes: files.reduce((sum, { bytes }) => bounded(sum + bytes, most), 0) }
}

function bounded(bytes: number, most: number): number {
  if (bytes > most) throw tooLarge(most)
  return bytes
}

const namesIn = (folder: string) =>
  readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    const why = pathProblem(error) ?? `cannot be read (${errorText(error)})`
    throw new SlipwayError('BadRequest', `${folder} ${why}; name a folder that can be read`)
  })

async function filesBelow(folder: string, name: string, asked: string): Promise<PackedFile[]> {
  const files: PackedFile[] = []
  const folders = ['']
  for (let below = folders.pop(); below !== undefined; below = folders.pop()) {
    for (const item of await namesIn(join(folder, below))) {
      const at = below === '' ? item.name : `${below}/${item.name}`
      if (isHidden(item.name)) continue
      if (item.isDirectory()) folders.push(at)
      else if (!item.isFile()) throw notAFile(join(asked, at), item.isSymbolicLink())
      else files.push(await fileOf(`${name}/${at}`, join(folder, at), await lstat(join(folder, at))))
    }
    if (files.length > MOST_FILES)
      throw new SlipwayError('BadRequest', `${asked} has more than ${MOST_FILES} files; leave out what is not needed`)
  }
  return files
}

function notAFile(path: string, isLink: boolean): SlipwayError {
  const way = isLink
    ? 'is a symbolic link; copy what it stands for into the folder (cp -L)'
    : 'is not a file; leave it out'
  return new SlipwayError('BadRequest', `${path} ${way}`)
}

async function fileOf(name: string, path: string, { size }: Stats): Promise<PackedFile> {
  requireSafeName(name)
  return { name, path, bytes: size }
}
