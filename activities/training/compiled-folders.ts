/** Folders of compiled code, named by a digest of what is in them, which several workers share. */
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const PREFIX = 'compiled-'
/** Far longer than a training may last: a trainer loads some of its modules late. */
const UNUSED_MS = 7 * 24 * 3_600_000

/** Writes the files at once, or finds that they are there. @returns the folder */
export async function writeCompiled(target: string, digest: string, files: [name: string, contents: Uint8Array][]) {
  const folder = join(target, `${PREFIX}${digest}`)
  if (existsSync(folder)) {
    await open(folder)
    return folder
  }
  await mkdir(target, { recursive: true })
  const draft = await mkdtemp(`${folder}-`)
  for (const [name, contents] of files) await writeFile(join(draft, name), contents)
  await open(draft)
  await rename(draft, folder).catch(async (error: unknown) => {
    await rm(draft, { recursive: true, force: true })
    // Another worker was faster.
    if (!existsSync(folder)) throw error
  })
  return folder
}

/** Trainers may run as another user. A folder of another worker's user is its to open. */
const open = (folder: string): Promise<void> => chmod(folder, 0o755).catch(() => {})

/** @returns false if the folder is no longer there */
export const markUsed = (folder: string): Promise<boolean> =>
  utimes(folder, new Date(), new Date()).then(
    () => true,
    () => false,
  )

/** Removes what no worker has used for a week. */
export async function removeUnused(target: string, now = Date.now()): Promise<void> {
  for (const name of await readdir(target)) {
    if (!name.startsWith(PREFIX)) continue
    const folder = join(target, name)
    const used = await stat(folder).catch(() => undefined)
    if (used && now - used.mtimeMs > UNUSED_MS) await rm(folder, { recursive: true, force: true })
  }
}
