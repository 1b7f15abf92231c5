/** What a trainer prints besides the protocol: kept in a file up to a limit, with its end at hand for messages. */
import { open } from 'node:fs/promises'
import { lineReader } from '../../projects/kit/lines.js'

const KEEP_BYTES = 16 * 1024 ** 2
const TAIL = 4_000

const ignore = () => {}

export interface TrainerOutput {
  readonly file: string
  /** Bytes printed, without lines of the protocol; the file holds at most 16 MiB of them. */
  readonly bytes: number
  /** Its last 4,000 characters, without control characters. */
  readonly tail: string
}

export interface OutputKeeper {
  /** Takes chunks of a stream. `onLine` gets each whole line, and returns whether it is a line of the protocol. */
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
    // With a full disk the rest of the output is lost, but the training continues.
    written = written.then(() => handle.writeFile(part)).then(ignore, ignore)
  }
  return {
    reader: (onLine = () => false) =>
      lineReader((line) => {
        if (!onLine(line)) keep(`${line}\n`)
      }),
    tail: () => printable(tail).trim(),
    async close() {
      await written
      if (bytes > kept) await handle.writeFile(`\n[${bytes - kept} more bytes were not kept]\n`).catch(ignore)
      await handle.close()
      return { file, bytes, tail: printable(tail) }
    },
  }
}

/** Control characters, and characters that a database cannot store, are replaced. */
const printable = (text: string): string =>
  text.replace(/[\p{Cc}\p{Surrogate}]/gu, (one) => (/[\n\t]/.test(one) ? one : '�'))
