/** Rows of a CSV file, plain or gzipped, told apart by their first bytes. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { createGunzip } from 'node:zlib'
import { CsvError, parse } from 'csv-parse'
import { SlipwayError } from '../../../contracts/failure.js'

export interface CsvFile {
  readonly name: string
  readonly path: string
  readonly columns: readonly string[]
  /** Cells in the columns' order, without the header. */
  rows(): AsyncIterable<readonly string[]>
}

const WAY_OUT = 'give a CSV (plain or .gz) of order lines or of daily counts'

export const badFile = (name: string, problem: string): SlipwayError =>
  new SlipwayError('BadData', `${name} ${problem}`)

/** The first bytes of a file that is one and is not empty. */
export async function headOf(path: string): Promise<Buffer> {
  const info = await stat(path).catch(() => undefined)
  if (!info) throw badFile(path, `does not exist; ${WAY_OUT}`)
  if (!info.isFile()) throw badFile(path, `is not a file; ${WAY_OUT}`)
  if (info.size === 0) throw badFile(basename(path), `is empty; ${WAY_OUT}`)
  const handle = await open(path)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4_096), 0, 4_096, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

/** @throws SlipwayError BadData when it is cut short, has no rows or is no table */
export async function openCsv(path: string, head: Buffer): Promise<CsvFile> {
  const name = basename(path)
  const gzipped = head[0] === 0x1f && head[1] === 0x8b
  const firstLine = head.toString('utf8').split('\n')[0] ?? ''
  if (!gzipped && (head.includes(0) || !firstLine.includes(','))) throw badFile(name, `is no CSV; ${WAY_OUT}`)
  const lines = linesOf(path, name, gzipped)
  const header = await lines.next()
  const first = header.done ? header : await lines.next()
  await lines.return(undefined)
  if (header.done || first.done) throw badFile(name, `has a header and no rows; ${WAY_OUT}`)
  return {
    name,
    path,
    columns: header.value,
    async *rows() {
      let isHeader = true
      for await (const cells of linesOf(path, name, gzipped)) {
        if (!isHeader) yield cells
        isHeader = false
      }
    },
  }
}

async function* linesOf(path: string, name: string, gzipped: boolean): AsyncGenerator<readonly string[]> {
  const source = createReadStream(path)
  const text = gzipped ? source.pipe(createGunzip()) : source
  const parser = parse({ bom: true, skip_empty_lines: true, trim: true })
  text.once('error', (error: Error) => parser.destroy(error))
  source.once('error', (error) => parser.destroy(error))
  try {
    for await (const cells of text.pipe(parser)) yield cells as string[]
  } catch (error) {
    throw csvProblem(name, error)
  } finally {
    source.destroy()
  }
}

function csvProblem(name: string, error: unknown): SlipwayError {
  if (error instanceof CsvError && error.code === 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH') {
    return badFile(
      name,
      `line ${String(error.lines)} has not as many fields as the header; it is truncated or no table`,
    )
  }
  const message = error instanceof Error ? error.message : String(error)
  if (/unexpected end/.test(message)) return badFile(name, 'is truncated: the gzip stream ends early')
  return badFile(name, `cannot be read as CSV: ${message}`)
}

export async function hashFile(path: string): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(path)) {
    hash.update(chunk as Buffer)
    bytes += (chunk as Buffer).length
  }
  return { sha256: `sha256:${hash.digest('hex')}`, bytes }
}
