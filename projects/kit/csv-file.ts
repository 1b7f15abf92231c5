/** CSV files of a user, plain or gzipped. Whatever is wrong with one is BadData that names the file and the problem. */
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { CsvError, type Options, parse } from 'csv-parse'
import { parse as parseAll } from 'csv-parse/sync'
import { errorText } from '../../contracts/error-text.js'
import { SlipwayError } from '../../contracts/failure.js'
import { pathProblem } from '../../contracts/path-problem.js'
import { createUtf8Check, isUtf16, textOf, UTF_16 } from '../../contracts/utf8.js'
import { refuseRepeatedColumns } from './columns.js'
import { LONGEST_ROW, MOST_ROWS, MOST_WHOLE_ROWS } from './file-limits.js'
import { gzipProblem } from './gzip-problem.js'
import { oneSpelling, spelledInOneWay } from './one-spelling.js'
import { separatorOf } from './separator.js'
import { hasMoreRows, holdsMoreRows, mayHold } from './too-many-rows.js'
import { onPath, requireFile } from './user-file.js'

export const badFile = (name: string, problem: string): SlipwayError =>
  new SlipwayError('BadData', `${name} ${problem}`)

const HEAD_BYTES = 4_096
const NEWLINE = 0x0a

/**
 * The first bytes of a file, by which its format is recognised.
 * @param wanted what to give instead, in words
 * @throws SlipwayError BadData when there is no such file, it cannot be read, it is empty or it is UTF-16
 */
export async function headOf(path: string, wanted: string): Promise<Buffer> {
  const { size } = await requireFile(path, wanted)
  if (size === 0) throw badFile(basename(path), `is empty; ${wanted}`)
  const handle = await onPath(path, wanted, () => open(path))
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
    const head = buffer.subarray(0, bytesRead)
    if (isUtf16(head)) throw badFile(basename(path), `cannot be read: ${UTF_16}`)
    return head
  } finally {
    await handle.close()
  }
}

export const isParquet = (head: Buffer): boolean => head.subarray(0, 4).toString('latin1') === 'PAR1'

export const isGzip = (head: Buffer): boolean => head[0] === 0x1f && head[1] === 0x8b

/** Whether the first line of plain text holds several cells. */
export function looksLikeCsv(head: Buffer): boolean {
  const firstLine = head.toString('utf8').split('\n')[0] ?? ''
  return !head.includes(0) && /[,;\t]/.test(firstLine) && !/^\s*[[{<]/.test(firstLine)
}

const OPTIONS = {
  bom: true,
  skip_empty_lines: true,
  trim: true,
  max_record_size: LONGEST_ROW,
} as const satisfies Options

/** Files joined from several systems have both line ends. Without any, the parser finds that of old Macs by itself. */
const lineEnds = (head: Uint8Array): Pick<Options, 'record_delimiter'> =>
  head.includes(NEWLINE) ? { record_delimiter: ['\r\n', '\n'] } : {}

/**
 * Rows in file order: cells in the columns' order with the header first, or one object a row with `columns`. Text is in
 * one Unicode spelling (NFC).
 * @throws SlipwayError BadData when the file is truncated, is not UTF-8, has a column twice, is not a table or is
 * larger than the limits
 */
export async function* csvRows<Row>(
  path: string,
  options: { gzipped: boolean; columns: boolean; mostRows?: number },
): AsyncGenerator<Row> {
  const name = basename(path)
  const { mostRows = MOST_ROWS } = options
  await refuseTooLong(path, name, options.gzipped, mostRows)
  const { bytes, close } = unpacked(path, options.gzipped)
  const pieces = spelledInOneWay(checked(name, bytes))
  try {
    const first = await pieces.next()
    if (first.done) return
    const parser = parse({
      ...OPTIONS,
      ...lineEnds(first.value),
      delimiter: separatorOf(first.value),
      columns: options.columns && ((header: string[]) => refuseRepeatedColumns(name, header)),
    })
    const text = Readable.from(startingWith(first.value, pieces), { objectMode: false })
    text.once('error', (error) => parser.destroy(error))
    let isHeader = !options.columns
    let rows = 0
    for await (const row of text.pipe(parser)) {
      if (isHeader) refuseRepeatedColumns(name, row as string[])
      else {
        rows += 1
        if (rows > mostRows) throw badFile(name, tooManyRows(mostRows))
      }
      isHeader = false
      yield row as Row
    }
  } catch (error) {
    throw csvProblem(name, error)
  } finally {
    close()
  }
}

function unpacked(path: string, gzipped: boolean) {
  const file = createReadStream(path)
  const bytes = gzipped ? file.pipe(createGunzip()) : file
  file.once('error', (error) => bytes.destroy(error))
  const close = () => {
    file.destroy()
    bytes.destroy()
  }
  return { bytes, close }
}

async function refuseTooLong(path: string, name: string, gzipped: boolean, mostRows: number): Promise<void> {
  if (!mayHold(mostRows, (await stat(path)).size, gzipped)) return
  const { bytes, close } = unpacked(path, gzipped)
  // What cannot be unpacked is refused, with its place, where it is parsed.
  const isTooLong = await hasMoreRows(bytes, mostRows)
    .catch(() => false)
    .finally(close)
  if (isTooLong) throw badFile(name, tooManyRows(mostRows))
}

/**
 * The rows of a small table, the header first.
 * @throws SlipwayError BadData as `csvRows`
 */
export function csvTable(bytes: Uint8Array, name: string): string[][] {
  if (holdsMoreRows(bytes, MOST_WHOLE_ROWS)) throw badFile(name, tooManyRows(MOST_WHOLE_ROWS))
  try {
    const text = oneSpelling(textOf(bytes))
    const rows: string[][] = parseAll(text, { ...OPTIONS, ...lineEnds(bytes), delimiter: separatorOf(bytes) })
    refuseRepeatedColumns(name, rows[0] ?? [])
    return rows
  } catch (error) {
    throw csvProblem(name, error)
  }
}

async function* checked(name: string, bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const check = createUtf8Check()
  let isFirst = true
  for await (const chunk of bytes) {
    if (isFirst) refuseOtherFormat(name, chunk)
    isFirst = false
    const fault = check.take(chunk)
    if (fault) throw new SyntaxError(fault)
    yield chunk
  }
  const fault = check.end()
  if (fault) throw new SyntaxError(fault)
}

/** What a gzip stream holds is known only here. */
function refuseOtherFormat(name: string, head: Buffer): void {
  if (isParquet(head))
    throw badFile(name, 'is Parquet packed with gzip; unpack it with gunzip if the project reads Parquet, or give CSV')
  if (isGzip(head)) throw badFile(name, 'is packed with gzip twice; unpack it once with gunzip')
}

async function* startingWith(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first
  yield* rest
}

export const tooManyRows = (most: number): string =>
  `has more than ${most} rows, the most that are read; give fewer days, or a sample of the entities`

const UNEVEN_ROWS = ['CSV_RECORD_INCONSISTENT_COLUMNS', 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH']

function csvProblem(name: string, error: unknown): SlipwayError {
  if (error instanceof SlipwayError) return error
  if (error instanceof CsvError && UNEVEN_ROWS.includes(error.code)) {
    const place = `line ${String(error.lines)}`
    return badFile(name, `${place} has not as many fields as the header; the file is truncated or is not a table`)
  }
  if (error instanceof CsvError && error.code === 'CSV_MAX_RECORD_SIZE') {
    const place = `line ${String(error.lines)}`
    return badFile(
      name,
      `${place} has more than ${LONGEST_ROW} characters; a quote is not closed, or it is not a table`,
    )
  }
  return badFile(name, gzipProblem(error) ?? pathProblem(error) ?? `cannot be read as CSV: ${errorText(error)}`)
}
