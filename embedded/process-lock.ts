/** A lock between processes: a file that exists while it is held. Its holder may die, so it carries a pulse. */
import { randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { isAlive } from './processes.js'
import type { Progress } from './progress.js'

const PULSE_MS = 2_000
/** Without a pulse for so long the holder is gone, also when it ran in another container or on another machine. */
const GONE_AFTER_MS = 30_000
const POLL_MS = 50

/** @param signal ends the wait for the lock, and nothing once it is held */
export async function withLock<T>(
  path: string,
  onProgress: Progress,
  work: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  await mkdir(dirname(path), { recursive: true })
  const token = `${process.pid} ${hostname()} ${randomUUID()}`
  await acquire(path, token, onProgress, signal)
  const pulse = setInterval(() => {
    const now = new Date()
    utimes(path, now, now).catch(() => {})
  }, PULSE_MS)
  pulse.unref()
  try {
    return await work()
  } finally {
    clearInterval(pulse)
    if ((await contentOf(path)) === token) await rm(path, { force: true })
  }
}

async function acquire(path: string, token: string, onProgress: Progress, signal?: AbortSignal): Promise<void> {
  for (let told = false; ; ) {
    signal?.throwIfAborted()
    if (await create(path, token)) return
    const holder = await contentOf(path)
    if (holder === undefined) continue
    if (await isGone(path, holder)) {
      await breakLock(path, holder)
      continue
    }
    if (!told) onProgress(`waiting for process ${holder.split(' ')[0]}, which is doing the same (${path})`)
    told = true
    await pause(POLL_MS)
  }
}

/** By link, so that the file is never seen without its content. */
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

/** Two may break the same lock: the second then holds the first one's new lock in its hands and puts it back. */
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
