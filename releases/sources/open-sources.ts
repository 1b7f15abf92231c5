/**
 * Stored sources as files of this machine. Each is unpacked once a process, after its bytes were checked, into a folder
 * that only this process uses. Folders of processes that have ended are removed after a day.
 */
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, rm, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { SlipwayError } from '../../contracts/failure.js'
import type { ArtifactStore } from '../../registry/index.js'
import { isStored } from './known-source.js'
import { removeOld } from './remove-old.js'
import { unpack } from './unpack.js'

export interface Sources {
  /**
   * The path of a source: itself, or that of the stored one with this digest.
   * @throws SlipwayError BadData when the stored bytes are missing, damaged or no snapshot
   */
  pathOf(source: string): Promise<string>
}

interface Needs {
  readonly artifacts: Pick<ArtifactStore, 'path'>
  readonly workFolder: string
}

export function createSources({ artifacts, workFolder }: Needs): Sources {
  const folder = join(workFolder, 'sources')
  const opened = new Map<string, Promise<string>>()

  const open = async (digest: string): Promise<string> => {
    const archive = await artifacts.path(digest).catch((error: unknown) => {
      if (!(error instanceof SlipwayError) || error.type !== 'ArtifactMismatch') throw error
      throw new SlipwayError(
        'BadData',
        `the snapshot cannot be read: ${error.message}; add it again with slipway snapshot add`,
      )
    })
    await mkdir(folder, { recursive: true })
    await removeOld(folder)
    const own = join(folder, randomUUID())
    await mkdir(own)
    try {
      const [first = '', ...rest] = await unpack(archive, own)
      const [top = '', ...below] = first.split('/')
      const isOne = top !== '' && rest.every((name) => below.length > 0 && name.startsWith(`${top}/`))
      if (!isOne)
        throw new SlipwayError(
          'BadData',
          `artifact ${digest} is not a snapshot; give one that slipway snapshot add printed`,
        )
      return join(own, top)
    } catch (error) {
      await rm(own, { recursive: true, force: true })
      throw error
    }
  }

  return {
    async pathOf(source) {
      if (!isStored(source)) return source
      const before = opened.get(source)
      const known = await before?.catch(() => undefined)
      if (known !== undefined && existsSync(known)) {
        const now = new Date()
        await utimes(join(known, '..'), now, now).catch(() => {})
        return known
      }
      // Two that ask at the same time share one.
      const others = opened.get(source)
      if (others !== undefined && others !== before) return others
      const opening = open(source)
      opened.set(source, opening)
      return opening
    },
  }
}
