/** Looks for the values of secrets, as they are or in one of the forms in which they are written elsewhere. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Names of the secrets whose value a text contains. */
export const secretsIn = (text: string, secrets: Readonly<Record<string, string>>): string[] =>
  Object.entries(secrets)
    .filter(([, value]) =>
      [value, encodeURIComponent(value), Buffer.from(value).toString('base64').replace(/=+$/, '')].some((form) =>
        text.includes(form),
      ),
    )
    .map(([name]) => name)

/** Contents of a file, of `/proc` or elsewhere; nothing where it cannot be read or has ended. */
export function contentsOf(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}

/** Command lines of all processes of this machine. */
export const commandLines = (): string =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => contentsOf(`/proc/${pid}/cmdline`))
    .join('\n')

/** Files below a folder that contain a secret, each with the names of what it contains. */
export function filesWith(folder: string, secrets: Readonly<Record<string, string>>): Record<string, string[]> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const found = files.map((entry) => {
    const file = join(entry.parentPath, entry.name)
    return [file.slice(folder.length + 1), secretsIn(contentsOf(file), secrets)] as const
  })
  return Object.fromEntries(found.filter(([, names]) => names.length > 0))
}
