/**
 * Outcomes that a client still has to deliver, one a line. A restarted client delivers those of its earlier decisions,
 * too.
 */
import { createHash } from 'node:crypto'
import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Due } from './messages.js'

export interface Outbox {
  /** All outcomes that were ever kept. Delivering one twice changes nothing. */
  kept(): Promise<Due[]>
  keep(due: Due): void
  /** Resolves when all outcomes are written. */
  close(): Promise<void>
}

export function openOutbox(folder: string, name: string): Outbox {
  const file = join(folder, `${createHash('sha256').update(name).digest('hex').slice(0, 16)}.ndjson`)
  let lines: string[] = []
  let writing: Promise<void> = mkdir(folder, { recursive: true }).then(() => {})
  const write = async () => {
    if (lines.length === 0) return
    const text = lines.join('')
    lines = []
    await appendFile(file, text)
  }
  return {
    async kept() {
      const text = await readFile(file, 'utf8').catch(() => '')
      // A process killed while writing leaves an incomplete last line.
      const whole = text.slice(0, text.lastIndexOf('\n') + 1)
      return whole
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Due)
    },
    keep(due) {
      lines.push(`${JSON.stringify(due)}\n`)
      if (lines.length === 1) writing = writing.then(write)
    },
    close: () => writing,
  }
}
