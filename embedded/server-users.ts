/** Who uses a server: a file per user in a folder, so that the last one to leave ends it and no one who is gone counts. */
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isAlive } from './processes.js'

/** @returns the user's mark, for `leave`. Call both under the server's lock. */
export async function enter(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  const mark = join(folder, `${process.pid}-${randomUUID()}`)
  await writeFile(mark, '')
  return mark
}

/** @returns true when nobody is left */
export async function leave(folder: string, mark: string): Promise<boolean> {
  await rm(mark, { force: true })
  for (const name of await readdir(folder)) {
    if (await isAlive(Number.parseInt(name, 10))) return false
    await rm(join(folder, name), { force: true })
  }
  return true
}
