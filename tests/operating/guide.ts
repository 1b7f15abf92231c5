/** Parses docs/operating.md: each picture, and the lines quoted below it, which the page must show. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const GUIDE = fileURLToPath(new URL('../../docs/operating.md', import.meta.url))
export const PICTURES = fileURLToPath(new URL('../../docs/operating/', import.meta.url))

export interface Pictured {
  readonly name: string
  /** Plain text without Markdown syntax, as the Web UI shows it. */
  readonly quotes: readonly string[]
}

export function readGuide(): Pictured[] {
  const parts = readFileSync(GUIDE, 'utf8').split(/!\[[^\]]*\]\(operating\/([\w-]+)\.png\)/)
  const found: Pictured[] = []
  for (let index = 1; index < parts.length; index += 2) {
    const quoted = /^\s*((?:^>.*\n?)+)/m.exec(parts[index + 1] ?? '')?.[1] ?? ''
    const quotes = quoted.split('\n').map((line) =>
      line
        .replace(/^>\s?(?:- )?/, '')
        .replaceAll('**', '')
        .trim(),
    )
    found.push({ name: parts[index] ?? '', quotes: quotes.filter((line) => line !== '') })
  }
  return found
}
