/** CSV files of a user, plain or gzipped. Whatever is wrong with one is BadData that names the file and the problem. */
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { createGunzip } from 'node:zlib'
import { CsvError, parse } from 'csv-parse'
import { SlipwayError } from '../../contracts/failure.js'

export const badFile = (name: string, problem: string): SlipwayError =>
  new SlipwayError('BadData', `${name} ${problem}`)

const HEAD_BYTES = 4_096

/**
 * The first bytes of a file, by which its format is recognised.
 * @param wanted what to give instead, in words
 * @throws SlipwayError BadData when there is no such file or it is empty
 */
export async function headOf(path: string, wanted: string): Promise<Buffer> {
  const info = await stat(path).catch(() => undefined)
  if (!info) throw badFile(path, `does not exist; ${wanted}`)
  if (!info.isFile()) throw badFile(path, `is not a file; ${wanted}`)
  if (info.size === 0) throw badFile(basename(path), `is empty; ${wanted}`)
  const handle = await open(path)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

export const isGzip = (head: Buffer): boolean => head[0] === 0x1f && head[1] === 0x8b

/** Whether the first line of plain text holds several cells. */
export function looksLikeCsv(head: Buffer): boolean {
  const firstLine = head.toString('utf8').split('\n')[0] ?? ''
  return !head.includes(0) && firstLine.includes(',') && !/^\s*[[{<]/.test(firstLine)
}

/**
 * Rows in file order: cells in the columns' order, or one object a row with `columns`.
 * @throws SlipwayError BadData when the file is truncated or is not a table
 */
export async function* csvRows<Row>(
  path: string,
  options: { gzipped: boolean; columns: boolean },
): AsyncGenerator<Row> {
  const file = createReadStream(path)
  const text = options.gzipped ? file.pipe(createGunzip()) : file
  const parser = parse({ columns: options.columns, bom: true, skip_empty_lines: true, trim: true })
  text.once('error', (error: Error) => parser.destroy(error))
  file.once('error', (error) => parser.destroy(error))
  try {
    for await (const row of text.pipe(parser)) yield row as Row
  } catch (error) {
    throw csvProblem(basename(path), error)
  } finally {
    file.destroy()
  }
}

const UNEVEN_ROWS = ['CSV_RECORD_INCONSISTENT_COLUMNS', 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH']

function csvProblem(name: string, error: unknown): SlipwayError {
  if (error instanceof CsvError && UNEVEN_ROWS.includes(error.code)) {
    const place = `line ${String(error.lines)}`
    return badFile(name, `${place} has not as many fields as the header; the file is truncated or is not a table`)
  }
  const message = error instanceof Error ? error.message : String(error)
  if (/unexpected end/.test(message)) return badFile(name, 'is truncated: the gzip stream ends early')
  return badFile(name, `cannot be read as CSV: ${message}`)
}
