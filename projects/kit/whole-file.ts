/** Reads a user's file that is needed as a whole. */
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { SlipwayError } from '../../contracts/failure.js'
import { MOST_TEXT_BYTES } from './file-limits.js'
import { onPath, requireFile } from './user-file.js'

export const tooLarge = (how = ''): string =>
  `has more than ${MOST_TEXT_BYTES / 1024 ** 2} MB${how && ` ${how}`}, the most that is read as a whole; give less of it`

/**
 * @param wanted what to give instead of what cannot be read
 * @throws SlipwayError BadData when it is no file, cannot be read, or is larger than the limit
 */
export async function wholeFile(path: string, wanted = 'give a file'): Promise<Buffer> {
  const { size } = await requireFile(path, wanted)
  if (size > MOST_TEXT_BYTES) throw new SlipwayError('BadData', `${basename(path)} ${tooLarge()}`)
  return onPath(path, wanted, () => readFile(path))
}
