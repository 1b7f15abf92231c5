/** Rows of a file of flights: CSV, plain or gzipped, or Parquet, told apart by their first bytes. */
import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { createGunzip } from 'node:zlib'
import { CsvError, parse } from 'csv-parse'
import {
  asyncBufferFromFile,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
} from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { SlipwayError } from '../../../contracts/failure.js'
import type { RawRow } from './shapes.js'

export interface FlightFile {
  readonly name: string
  readonly columns: readonly string[]
  /** Rows in file order, in batches. With a range only the parts of a Parquet file that may hold it are read. */
  batches(range?: TimeRange): AsyncIterable<RawRow[]>
}

export interface TimeRange {
  readonly from: number
  readonly to: number
}

type Format = 'parquet' | 'gzip' | 'csv'
const BATCH = 10_000

const bad = (name: string, problem: string): SlipwayError => new SlipwayError('BadData', `${name} ${problem}`)
const wayOut = 'give a CSV (plain or .gz) or Parquet file of flights'

/** @throws SlipwayError BadData when there is no such file, or it is empty, cut short or of another kind */
export async function openFlightFile(path: string): Promise<FlightFile> {
  const name = basename(path)
  const format = await formatOf(path, name)
  return format === 'parquet' ? openParquet(path, name) : openCsv(path, name, format)
}

async function formatOf(path: string, name: string): Promise<Format> {
  const info = await stat(path).catch(() => undefined)
  if (!info) throw bad(path, `does not exist; ${wayOut}`)
  if (!info.isFile()) throw bad(path, `is not a file; ${wayOut}`)
  if (info.size === 0) throw bad(name, `is empty; ${wayOut}`)
  const handle = await open(path)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4_096), 0, 4_096, 0)
    const head = buffer.subarray(0, bytesRead)
    if (head.subarray(0, 4).toString('latin1') === 'PAR1') return 'parquet'
    if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip'
    const firstLine = head.toString('utf8').split('\n')[0] ?? ''
    const textual = !head.includes(0) && firstLine.includes(',') && !/^\s*[[{<]/.test(firstLine)
    if (!textual) throw bad(name, `is neither CSV nor Parquet; ${wayOut}`)
    return 'csv'
  } finally {
    await handle.close()
  }
}

async function openParquet(path: string, name: string): Promise<FlightFile> {
  const file = await asyncBufferFromFile(path)
  const cut = (error: unknown) =>
    bad(name, `cannot be read as Parquet (${error instanceof Error ? error.message : error}); it is probably truncated`)
  const metadata = await parquetMetadataAsync(file).catch((error: unknown) => {
    throw cut(error)
  })
  return {
    name,
    columns: parquetSchema(metadata).children.map((child) => child.element.name),
    async *batches(range) {
      let rowStart = 0
      for (const group of metadata.row_groups) {
        const rowEnd = rowStart + Number(group.num_rows)
        if (!range || mayHold(group, range)) {
          yield await parquetReadObjects({ file, metadata, compressors, rowStart, rowEnd }).catch((error: unknown) => {
            throw cut(error)
          })
        }
        rowStart = rowEnd
      }
    },
  }
}

/** By the statistics of its `date` column; a group without them may hold anything. */
function mayHold(group: FileMetaData['row_groups'][number], { from, to }: TimeRange): boolean {
  const column = group.columns.find((chunk) => chunk.meta_data?.path_in_schema.join('.') === 'date')
  const { min_value: min, max_value: max } = column?.meta_data?.statistics ?? {}
  return !(min instanceof Date && max instanceof Date) || (max.getTime() >= from && min.getTime() < to)
}

async function openCsv(path: string, name: string, format: Format): Promise<FlightFile> {
  const rows = rowsOf(path, name, format)
  const first = await rows.next()
  await rows.return(undefined)
  if (first.done) throw bad(name, `has a header and no rows; ${wayOut}`)
  return {
    name,
    columns: Object.keys(first.value[0] ?? {}),
    batches: () => rowsOf(path, name, format),
  }
}

async function* rowsOf(path: string, name: string, format: Format): AsyncGenerator<RawRow[]> {
  const source = createReadStream(path)
  const text = format === 'gzip' ? source.pipe(createGunzip()) : source
  const parser = parse({ columns: true, bom: true, skip_empty_lines: true, trim: true })
  text.once('error', (error: Error) => parser.destroy(error))
  source.once('error', (error) => parser.destroy(error))
  let batch: RawRow[] = []
  try {
    for await (const row of text.pipe(parser)) {
      batch.push(row as RawRow)
      if (batch.length === BATCH) {
        yield batch
        batch = []
      }
    }
  } catch (error) {
    throw csvProblem(name, error)
  } finally {
    source.destroy()
  }
  if (batch.length > 0) yield batch
}

function csvProblem(name: string, error: unknown): SlipwayError {
  if (error instanceof CsvError && error.code === 'CSV_RECORD_INCONSISTENT_COLUMNS') {
    return bad(name, `line ${String(error.lines)} has not as many fields as the header; it is truncated or not a table`)
  }
  const message = error instanceof Error ? error.message : String(error)
  return bad(
    name,
    /unexpected end/.test(message) ? 'is truncated: the gzip stream ends early' : `cannot be read as CSV: ${message}`,
  )
}
