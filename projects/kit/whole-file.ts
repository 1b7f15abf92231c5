/** Reads a user's file that is needed as a whole. */
import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { SlipwayError } from '../../contracts/failure.js'
import { MOST_TEXT_BYTES } from './file-limits.js'

const bad = (path: string, problem: string) => new SlipwayError('BadData', `${basename(path)} ${problem}`)

export const tooLarge = (how = ''): string =>
  `has more than ${MOST_TEXT_BYTES / 1024 ** 2} MB${how && ` ${how}`}, the most that is read as a whole; give less of it`

/** @throws SlipwayError BadData when it is no file, or larger than the limit */
export async function wholeFile(path: string): Promise<Buffer> {
  const info = await stat(path)
  if (!info.isFile()) throw bad(path, 'is not a file; give a file')
  if (info.size > MOST_TEXT_BYTES) throw bad(path, tooLarge())
  return readFile(path)
}
