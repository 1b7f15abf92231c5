/** What a trainer prints besides progress: kept whole in a file up to a limit, and its end for people to read at once. */
import { open } from 'node:fs/promises'
import { lineReader } from '../../projects/kit/lines.js'

const KEEP_BYTES = 16 * 1024 ** 2
const TAIL = 4_000

const ignore = () => {}

export interface TrainerOutput {
  readonly file: string
  /** Printed, not counting lines of the protocol; the file holds at most 16 MiB of it. */
  readonly bytes: number
  /** Its last 4,000 characters, without control characters. */
  readonly tail: string
}

export interface OutputKeeper {
  /** Takes what a stream gave; whole lines are offered to `onLine`, which says whether it was one of the protocol. */
  reader(onLine?: (line: string) => boolean): { take(chunk: Buffer): void; end(): void }
  tail(): string
  close(): Promise<TrainerOutput>
}

export async function keepOutput(file: string): Promise<OutputKeeper> {
  const handle = await open(file, 'w')
  let bytes = 0
  let kept = 0
  let tail = ''
  let written = Promise.resolve()
  const keep = (text: string) => {
    tail = (tail + text).slice(-TAIL)
    const data = Buffer.from(text)
    bytes += data.length
    const part = data.subarray(0, Math.max(0, KEEP_BYTES - kept))
    kept += part.length
    if (part.length === 0) return
    // A full disk costs the rest of the output, not the training.
    written = written.then(() => handle.write(part)).then(ignore, ignore)
  }
  return {
    reader: (onLine = () => false) =>
      lineReader((line) => {
        if (!onLine(line)) keep(`${line}\n`)
      }),
    tail: () => printable(tail).trim(),
    async close() {
      await written
      if (bytes > kept) await handle.write(`\n[${bytes - kept} more bytes were not kept]\n`).catch(ignore)
      await handle.close()
      return { file, bytes, tail: printable(tail) }
    },
  }
}

/** What a terminal would obey, and what a database cannot hold, is shown as a mark. */
const printable = (text: string): string =>
  text.replace(/[\p{Cc}\p{Surrogate}]/gu, (one) => (/[\n\t]/.test(one) ? one : '�'))
