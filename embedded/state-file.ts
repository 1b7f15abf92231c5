import { randomUUID } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'

/**
 * The object in a JSON file; undefined when the file is missing or truncated: the state of servers can be found again.
 */
export async function readState(path: string): Promise<Record<string, unknown> | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** Written atomically, readable by its owner only. */
export async function writeState(path: string, value: object): Promise<void> {
  const next = `${path}.${randomUUID()}`
  await writeFile(next, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600, flush: true })
  await rename(next, path)
}
