/**
 * Decisions that are durable on this machine while the database cannot be reached: a line of JSON each, synced to disk.
 * One file per process and project, created when it is first needed, and removed when its rows are in the database.
 */
import { randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, readFile, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { DecisionRow } from '../../registry/index.js'

const ENDING = '.ndjson'
const CHUNK_BYTES = 1 << 20

export interface Spool {
  /** Bytes that are not in the database yet. */
  readonly backlog: number
  append(rows: readonly DecisionRow[]): Promise<void>
  /** The oldest rows that are not in the database yet, at most about a megabyte. */
  peek(): Promise<DecisionRow[]>
  /** Marks the rows of the last `peek` as written to the database. */
  advance(): Promise<void>
}

/** A row may be in the database already, from a flush whose answer was lost, so none is marked as fresh. */
const lineOf = (row: DecisionRow): string => `${JSON.stringify({ ...row, fresh: false })}\n`
const parse = (text: string): DecisionRow[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as DecisionRow)

/** Identifies this process: in a container an earlier one had the same process id. */
const OWN = randomUUID().slice(0, 8)
const nameOf = (project: string) => `${project}.${hostname()}.${process.pid}-${OWN}${ENDING}`

export function createSpool(folder: string, project: string): Spool {
  const file = join(folder, nameOf(project))
  let handle: FileHandle | undefined
  let written = 0
  let done = 0
  let peeked = 0
  let turn: Promise<void> = Promise.resolve()
  /**
   * One after the other: an append goes to the end that the one before left, and never to a file that is being closed.
   */
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    turn = turn.catch(() => {}).then(work)
    return turn
  }
  const append = async (rows: readonly DecisionRow[]) => {
    if (!handle) {
      await mkdir(folder, { recursive: true })
      handle = await open(file, 'w+', 0o600)
    }
    const bytes = Buffer.from(rows.map(lineOf).join(''))
    try {
      await handle.write(bytes, 0, bytes.length, written)
      await handle.datasync()
    } catch (error) {
      // Part of it may have been written: the next append overwrites it.
      await handle.truncate(written).catch(() => {})
      throw error
    }
    written += bytes.length
  }
  return {
    get backlog() {
      return written - done
    },
    append: (rows) => inTurn(() => append(rows)),
    async peek() {
      if (!handle || done === written) return []
      const buffer = Buffer.alloc(Math.min(CHUNK_BYTES, written - done))
      await handle.read(buffer, 0, buffer.length, done)
      let end = buffer.lastIndexOf('\n') + 1
      let text = buffer.toString('utf8', 0, end)
      if (end === 0) {
        // A row is larger than a chunk: read all.
        const all = Buffer.alloc(written - done)
        await handle.read(all, 0, all.length, done)
        end = all.indexOf('\n') + 1
        text = all.toString('utf8', 0, end)
      }
      peeked = end
      return parse(text)
    },
    advance: () =>
      inTurn(async () => {
        done += peeked
        peeked = 0
        if (done < written || !handle) return
        await handle.close()
        await rm(file, { force: true })
        handle = undefined
        written = 0
        done = 0
      }),
  }
}

export interface Orphan {
  readonly project: string
  readonly rows: readonly DecisionRow[]
  remove(): Promise<void>
}

/** Spools of processes of this machine that have ended. An incomplete last line was never answered. */
export async function orphanedSpools(folder: string): Promise<Orphan[]> {
  const names = await readdir(folder).catch(() => [])
  const orphans: Orphan[] = []
  for (const name of names) {
    const [, project, host, pid, own] = /^([^.]+)\.(.+)\.(\d+)-([0-9a-f]{8})\.ndjson$/.exec(name) ?? []
    if (!project || host !== hostname() || own === OWN || isAlive(Number(pid))) continue
    const text = await readFile(join(folder, name), 'utf8')
    orphans.push({
      project,
      rows: parse(text.slice(0, text.lastIndexOf('\n') + 1)),
      remove: () => rm(join(folder, name), { force: true }),
    })
  }
  return orphans
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
