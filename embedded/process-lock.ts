/**
 * A lock between processes: a file that exists while the lock is held. The holder touches it, so that a crash is
 * noticed.
 */
import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { isAlive } from './processes.js'
import type { Progress } from './progress.js'

const HEARTBEAT_MS = 2_000
/** Heartbeat timeout after which the holder is considered dead, also when it ran in another container or machine. */
const GONE_AFTER_MS = 30_000
const POLL_MS = 50

/** @param signal ends the wait for the lock; it has no effect once the lock is held */
export async function withLock<T>(
  path: string,
  onProgress: Progress,
  work: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  await mkdir(dirname(path), { recursive: true })
  const token = `${process.pid} ${hostname()} ${randomUUID()}`
  await acquire(path, token, onProgress, signal)
  const heartbeat = setInterval(() => {
    const now = new Date()
    utimes(path, now, now).catch(() => {})
  }, HEARTBEAT_MS)
  heartbeat.unref()
  try {
    return await work()
  } finally {
    clearInterval(heartbeat)
    if ((await contentOf(path)) === token) await rm(path, { force: true })
  }
}

async function acquire(path: string, token: string, onProgress: Progress, signal?: AbortSignal): Promise<void> {
  for (let reported = false; ; ) {
    signal?.throwIfAborted()
    if (await create(path, token)) return
    const holder = await contentOf(path)
    if (holder === undefined) continue
    if (await isGone(path, holder)) {
      await breakLock(path, holder)
      continue
    }
    if (!reported) onProgress(`waiting for process ${holder.split(' ')[0]}, which is doing the same (${path})`)
    reported = true
    await pause(POLL_MS)
  }
}

/** Created with `link`, so that no process ever sees the file without its content. */
async function create(path: string, token: string): Promise<boolean> {
  const own = `${path}.${randomUUID()}`
  await writeFile(own, token)
  try {
    await link(own, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    await rm(own, { force: true })
  }
}

async function isGone(path: string, holder: string): Promise<boolean> {
  const [pid, host] = holder.split(' ')
  if (host === hostname() && !(await isAlive(Number(pid)))) return true
  const seen = await stat(path).catch(() => undefined)
  return seen !== undefined && Date.now() - seen.mtimeMs > GONE_AFTER_MS
}

/**
 * Two processes may break the same lock at once: the second may move the first one's new lock aside, and puts it back.
 */
async function breakLock(path: string, holder: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`
  try {
    await rename(path, aside)
  } catch {
    return
  }
  if ((await contentOf(aside)) !== holder) await link(aside, path).catch(() => {})
  await rm(aside, { force: true })
}

const contentOf = (path: string): Promise<string | undefined> => readFile(path, 'utf8').catch(() => undefined)
