/**
 * Processes that use a server: one file each in a folder. The last one to leave stops it; dead processes do not count.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isAlive } from './processes.js'

/** @returns the mark to pass to `leave`. Call both while holding the server's lock. */
export async function enter(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  const mark = join(folder, `${process.pid}-${randomUUID()}`)
  await writeFile(mark, '')
  return mark
}

/** @returns true when no process uses the server any more */
export async function leave(folder: string, mark: string): Promise<boolean> {
  await rm(mark, { force: true })
  for (const name of await readdir(folder)) {
    if (await isAlive(Number.parseInt(name, 10))) return false
    await rm(join(folder, name), { force: true })
  }
  return true
}
