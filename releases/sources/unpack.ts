import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { SlipwayError } from '../../contracts/failure.js'
import { isHidden } from '../../projects/kit/file-names.js'
import { requireSafeName } from './file-names.js'
import { MOST_FILES } from './limits.js'
import { archivedFiles } from './read-tar.js'

const READ_ONLY = 0o444

/**
 * Writes the files of a tar below a folder, which exists and is empty.
 * @returns their names
 * @throws SlipwayError BadData when it cannot be used, when names repeat, or when one leads out of the folder
 */
export async function unpack(archive: string, folder: string): Promise<string[]> {
  const names = new Set<string>()
  for (const { name: written, start, bytes } of await archivedFiles(archive)) {
    const name = written.replace(/^(?:\.\/)+/, '')
    requireSafeName(name)
    if (isHidden(name)) continue
    if (names.has(name)) throw new SlipwayError('BadData', `the tar file has ${name} twice; store it once`)
    names.add(name)
    if (names.size > MOST_FILES) throw new SlipwayError('BadData', `the tar file has more than ${MOST_FILES} files`)
    const path = join(folder, name)
    await mkdir(dirname(path), { recursive: true })
    const out = createWriteStream(path, { flags: 'wx', mode: READ_ONLY })
    // An empty range cannot be asked for.
    const content = bytes === 0 ? Readable.from([]) : createReadStream(archive, { start, end: start + bytes - 1 })
    await pipeline(content, out)
  }
  return [...names]
}
