/**
 * Writes to the database what other processes spooled before they ended. A spool belongs to the process that touches
 * it. One that no process has touched during several looks is renamed: its owner, if it still lives, finds it gone at
 * its next append, and continues in a new file with everything that is not in the database.
 */
import { open, readdir, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { errorText } from '../../contracts/error-text.js'
import type { Registry } from '../../registry/index.js'
import { createDatabaseWriter } from './database-writer.js'
import { ignoreMissing } from './ignore-missing.js'
import { createQuietLooks } from './quiet-looks.js'
import { createLineCounter } from './refused-lines.js'
import { ownedName, parseSpoolName, type SpoolFile } from './spool-names.js'
import { createTakenSpool, type TakenSpool } from './taken-spool.js'

type Spooled = Exclude<SpoolFile, { kind: 'refused' }>

/** A file of the spool folder whose decisions may not be in the database. */
export interface UnreadSpool {
  readonly file: string
  /** Null for a file whose name is not one of a spool. */
  readonly project: string | null
  readonly bytes: number
  /** Why it is not in the database. */
  readonly problem: string
}

export interface SpoolReport {
  readonly unread: readonly UnreadSpool[]
  /** Decisions that the database refused, by project: kept in files beside the spools. */
  readonly refused: ReadonlyMap<string, number>
}

export interface RecoveryOptions {
  readonly folder: string
  readonly registry: Pick<Registry, 'evidence'>
  readonly projects: ReadonlyMap<string, unknown>
  /** Names of the spools of this process. */
  readonly own: () => readonly (string | null)[]
  readonly timeoutMs: number
  readonly onProblem: (text: string) => void
  /** Ids of decisions that are in the database now. */
  readonly onSpooledWritten?: (project: string, ids: readonly string[]) => void
}

export interface SpoolRecovery {
  /** Of the last look. */
  readonly report: SpoolReport
  /** One pass over the folder. What cannot be recovered now is reported, and stops nothing else. */
  look(): Promise<void>
  /** Leaves what was taken and is not recovered yet to another process. */
  stop(): Promise<void>
}

export function createSpoolRecovery(options: RecoveryOptions): SpoolRecovery {
  const { folder, projects, own } = options
  const taken = new Map<string, TakenSpool>()
  const quiet = createQuietLooks(folder)
  const linesOf = createLineCounter()
  let report: SpoolReport = { unread: [], refused: new Map() }
  let looking: Promise<void> = Promise.resolve()
  let stopped = false

  /** @returns its name afterwards, or why it stays as it is; undefined when another process was faster */
  const claim = async (name: string, file: Spooled): Promise<{ mine: string } | { problem: string } | undefined> => {
    if (taken.has(name)) return { mine: name }
    if (!projects.has(file.project)) return { problem: `this service has no project "${file.project}"` }
    if (file.kind !== 'left' && !(await quiet.isAbandoned(name, file.kind)))
      return { problem: 'it belongs to another process' }
    const mine = ownedName(file.project, file.id)
    const spool = await take(options, { name, mine, file }, () => stopped)
    if (!spool) return undefined
    taken.set(mine, spool)
    return { mine }
  }

  const look = async () => {
    const unread: UnreadSpool[] = []
    const refused = new Map<string, number>()
    const names = await namesIn(folder)
    quiet.keepOnly(names)
    const ours = own()
    for (const name of names) {
      if (stopped) return
      if (ours.includes(name)) continue
      const file = parseSpoolName(name)
      let now = name
      try {
        if (!file) throw new Error('its name is not that of a spool')
        if (file.kind === 'refused') {
          refused.set(file.project, (refused.get(file.project) ?? 0) + (await linesOf(join(folder, name))))
          continue
        }
        const claimed = await claim(name, file)
        if (!claimed) continue
        if ('problem' in claimed) throw new Error(claimed.problem)
        now = claimed.mine
        if (await taken.get(now)?.recover()) taken.delete(now)
      } catch (error) {
        unread.push(await unreadOf(now, file?.project ?? null, errorText(error)))
      }
    }
    report = { unread, refused }
  }
  const unreadOf = async (file: string, project: string | null, problem: string): Promise<UnreadSpool> => {
    const { size } = await stat(join(folder, file)).catch(() => ({ size: 0 }))
    return { file, project, bytes: size - (taken.get(file)?.done ?? 0), problem }
  }

  return {
    get report() {
      return report
    },
    look() {
      looking = looking.catch(() => {}).then(look)
      return looking
    },
    async stop() {
      stopped = true
      await looking.catch(() => {})
      for (const spool of taken.values()) await spool.leave()
    },
  }
}

/** @returns undefined when another process was faster */
async function take(
  { folder, registry, timeoutMs, onProblem, onSpooledWritten }: RecoveryOptions,
  { name, mine, file: { project, id } }: { name: string; mine: string; file: Spooled },
  stopped: () => boolean,
): Promise<TakenSpool | undefined> {
  try {
    // Opened first: one that cannot be read stays as it is.
    const handle = await open(join(folder, name), 'r')
    try {
      await rename(join(folder, name), join(folder, mine))
    } catch (error) {
      await handle.close()
      throw error
    }
    const database = createDatabaseWriter(project, registry, {
      timeoutMs,
      onFlush: undefined,
      onProblem,
      onSpooledWritten: (ids) => onSpooledWritten?.(project, ids),
    })
    return createTakenSpool({ folder, name: mine, project, id, handle, database, stopped })
  } catch (error) {
    ignoreMissing(error as NodeJS.ErrnoException)
    return undefined
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    ignoreMissing(error as NodeJS.ErrnoException)
    return []
  }
}
