/** Answered decisions that the database refuses: kept beside the spool they came from, with the reason of each. */
import { appendFile, readFile, rm, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { ignoreMissing } from './ignore-missing.js'
import type { RefusedLine } from './spool-lines.js'
import { refusedName } from './spool-names.js'

export interface RefusedLines {
  /** Durable when it resolves. */
  keep(lines: readonly RefusedLine[]): Promise<void>
  /** Before a spool is read again from its beginning: the same lines are found again. */
  forget(): Promise<void>
}

export function createRefusedLines(folder: string, project: string, id: string): RefusedLines {
  const file = join(folder, refusedName(project, id))
  return {
    async keep(lines) {
      if (lines.length === 0) return
      const text = lines.map(({ problem, line }) => `${JSON.stringify({ problem, line })}\n`).join('')
      const { size } = await stat(file).catch((error: NodeJS.ErrnoException) => {
        ignoreMissing(error)
        return { size: 0 }
      })
      try {
        await appendFile(file, text, { mode: 0o600, flush: true })
      } catch (error) {
        // A part of it may have been written. It is kept again, and must not follow half a line.
        await truncate(file, size).catch(() => {})
        throw error
      }
    },
    forget: () => rm(file, { force: true }),
  }
}

/** How many lines such a file has; read again only when its size has changed. */
export function createLineCounter() {
  const known = new Map<string, { size: number; lines: number }>()
  return async (file: string): Promise<number> => {
    const { size } = await stat(file)
    const earlier = known.get(file)
    if (earlier?.size === size) return earlier.lines
    const lines = (await readFile(file, 'utf8')).split('\n').length - 1
    known.set(file, { size, lines })
    return lines
  }
}
