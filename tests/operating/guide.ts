/** docs/operating.md as the test reads it: each picture, and the lines quoted below it that the page must show. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const GUIDE = fileURLToPath(new URL('../../docs/operating.md', import.meta.url))
export const PICTURES = fileURLToPath(new URL('../../docs/operating/', import.meta.url))

export interface Pictured {
  readonly name: string
  /** As plain text: markdown's own signs are taken off, as the Web UI does. */
  readonly says: readonly string[]
}

export function readGuide(): Pictured[] {
  const parts = readFileSync(GUIDE, 'utf8').split(/!\[[^\]]*\]\(operating\/([\w-]+)\.png\)/)
  const found: Pictured[] = []
  for (let index = 1; index < parts.length; index += 2) {
    const quoted = /^\s*((?:^>.*\n?)+)/m.exec(parts[index + 1] ?? '')?.[1] ?? ''
    const says = quoted.split('\n').map((line) =>
      line
        .replace(/^>\s?(?:- )?/, '')
        .replaceAll('**', '')
        .trim(),
    )
    found.push({ name: parts[index] ?? '', says: says.filter((line) => line !== '') })
  }
  return found
}
