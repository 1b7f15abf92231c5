/**
 * Decisions that are durable on this machine while the database cannot be reached: a line of JSON each, synced to disk.
 * One file per process and project, created when it is first needed, and removed when its rows are in the database.
 * Its owner touches it (`recover-spools.ts`: one that is no longer touched is taken over, by renaming it).
 */
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { DecisionRow } from '../../registry/index.js'
import { ignoreMissing } from './ignore-missing.js'
import { keepTouched } from './keep-touched.js'
import { createRefusedLines, type RefusedLines } from './refused-lines.js'
import { lineOf, type ParsedLines, parseLines, type RefusedLine, readLines } from './spool-lines.js'
import { leftName, newSpoolId, ownedName } from './spool-names.js'

const COPY_BYTES = 1 << 20

export interface Spool {
  /** Bytes that are not in the database yet. */
  readonly backlog: number
  /** The name of the file; null while there is none. */
  readonly file: string | null
  append(rows: readonly DecisionRow[]): Promise<void>
  /** The oldest lines that are not in the database yet, at most about a megabyte. */
  peek(): Promise<ParsedLines>
  /** Marks the lines of the last `peek` as written to the database, or kept as refused. */
  advance(refused: readonly RefusedLine[]): Promise<void>
  /** Leaves what is not in the database to another process. */
  leave(): Promise<void>
}

interface Current {
  readonly id: string
  readonly path: string
  readonly handle: FileHandle
  readonly refused: RefusedLines
  readonly stopTouching: () => void
}

export function createSpool(folder: string, project: string): Spool {
  let current: Current | undefined
  let written = 0
  let done = 0
  let peeked = 0
  let turn: Promise<unknown> = Promise.resolve()
  /**
   * One after the other: an append goes to the end that the one before left, and never to a file that is being closed.
   */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = turn.catch(() => {}).then(work)
    turn = next
    return next
  }

  const begin = async (): Promise<Current> => {
    await mkdir(folder, { recursive: true })
    const id = newSpoolId()
    const path = join(folder, ownedName(project, id))
    const handle = await open(path, 'wx+', 0o600)
    await syncFolder(folder)
    return { id, path, handle, refused: createRefusedLines(folder, project, id), stopTouching: keepTouched(path) }
  }
  const end = async ({ handle, stopTouching }: Current) => {
    stopTouching()
    await handle.close()
  }

  /**
   * Another process took this one for dead, because it was suspended. It writes what it found to the database, but may
   * not see what was appended since. So all rows that are not in the database go to a new file as well.
   */
  const startAgain = async (lost: Current, to: number) => {
    const next = await begin()
    try {
      const buffer = Buffer.alloc(COPY_BYTES)
      for (let from = done; from < to; ) {
        const { bytesRead } = await lost.handle.read(buffer, 0, Math.min(buffer.length, to - from), from)
        if (bytesRead === 0) throw new Error(`${basename(lost.path)} is shorter than what was written to it`)
        await writeAt(next.handle, buffer.subarray(0, bytesRead), from - done)
        from += bytesRead
      }
      await next.handle.datasync()
    } catch (error) {
      await end(next)
      await rm(next.path, { force: true })
      throw error
    }
    await end(lost)
    current = next
    written = to - done
    done = 0
  }

  const append = async (rows: readonly DecisionRow[]) => {
    current ??= await begin()
    const spool = current
    const bytes = Buffer.from(rows.map(lineOf).join(''))
    try {
      await writeAt(spool.handle, bytes, written)
      await spool.handle.datasync()
      // Asked after the rows are on disk: a process that takes the file over later than this finds them in it.
      if (!(await exists(spool.path))) return await startAgain(spool, written + bytes.length)
    } catch (error) {
      // Part of it may have been written: the next append overwrites it.
      await spool.handle.truncate(written).catch(() => {})
      throw error
    }
    written += bytes.length
  }

  return {
    get backlog() {
      return written - done
    },
    get file() {
      return current ? basename(current.path) : null
    },
    append: (rows) => inTurn(() => append(rows)),
    peek: () =>
      inTurn(async () => {
        if (!current || done === written) return { rows: [], refused: [] }
        const { lines, end: until } = await readLines(current.handle, done, written)
        peeked = until - done
        return parseLines(lines)
      }),
    advance: (refused) =>
      inTurn(async () => {
        await current?.refused.keep(refused)
        done += peeked
        peeked = 0
        if (done < written || !current) return
        const finished = current
        current = undefined
        written = 0
        done = 0
        await end(finished)
        await rm(finished.path, { force: true })
      }),
    leave: () =>
      inTurn(async () => {
        if (!current) return
        const { path, id } = current
        await end(current)
        current = undefined
        await rename(path, join(folder, leftName(project, id))).catch(ignoreMissing)
      }),
  }
}

/**
 * All of the bytes. A single write may store a part of them without an error, for example when the disk becomes full:
 * only the next one fails.
 */
async function writeAt(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let from = 0; from < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, from, bytes.length - from, position + from)
    if (bytesWritten === 0) throw new Error('a write stored nothing')
    from += bytesWritten
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      ignoreMissing(error)
      return false
    },
  )

/** The new file's name survives a power cut too. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
