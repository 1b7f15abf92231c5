/** A spool that this process took over: its rows go to the database, as often as that needs to be tried. */
import { type FileHandle, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { DatabaseWriter } from './database-writer.js'
import { ignoreMissing } from './ignore-missing.js'
import { keepTouched } from './keep-touched.js'
import { createRefusedLines } from './refused-lines.js'
import { parseLines, readLines } from './spool-lines.js'
import { leftName } from './spool-names.js'

export interface TakenSpool {
  /** Bytes that are in the database or kept as refused. */
  readonly done: number
  /**
   * Removes the file once all rows are in the database. An incomplete last line was never answered.
   * @returns false when it was stopped before the end
   */
  recover(): Promise<boolean>
  /** Leaves it to another process. */
  leave(): Promise<void>
}

export interface Taken {
  readonly folder: string
  readonly name: string
  readonly project: string
  readonly id: string
  readonly handle: FileHandle
  readonly database: DatabaseWriter
  readonly stopped: () => boolean
}

export function createTakenSpool({ folder, name, project, id, handle, database, stopped }: Taken): TakenSpool {
  const path = join(folder, name)
  const refusedLines = createRefusedLines(folder, project, id)
  let done = 0
  const stopTouching = keepTouched(path)
  const end = async () => {
    stopTouching()
    await handle.close()
  }
  return {
    get done() {
      return done
    },
    async recover() {
      if (done === 0) await refusedLines.forget()
      const { size } = await handle.stat()
      while (!stopped()) {
        const { lines, end: until } = await readLines(handle, done, size)
        if (until === done) {
          await end()
          await rm(path, { force: true })
          return true
        }
        const { rows, refused } = parseLines(lines)
        await refusedLines.keep([...refused, ...(await database.writeSpooled(rows))])
        done = until
      }
      return false
    },
    async leave() {
      await end()
      await rename(path, join(folder, leftName(project, id))).catch(ignoreMissing)
    },
  }
}
