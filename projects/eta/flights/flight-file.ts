/** Reads a file of flights: CSV, plain or gzipped, or Parquet. The format is recognised by the first bytes. */
import { basename } from 'node:path'
import {
  asyncBufferFromFile,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
} from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { badFile, csvRows, headOf, isGzip, looksLikeCsv } from '../../kit/csv-file.js'
import type { RawRow } from './flight-tables.js'

export interface FlightFile {
  readonly name: string
  readonly columns: readonly string[]
  /** Rows in file order, in batches. With a range, only those parts of a Parquet file are read that may hold it. */
  batches(range?: TimeRange): AsyncIterable<RawRow[]>
}

/** [from, to) in epoch ms. */
export interface TimeRange {
  readonly from: number
  readonly to: number
}

const BATCH = 10_000
const WANTED = 'give a CSV (plain or .gz) or Parquet file of flights'

/** @throws SlipwayError BadData when there is no such file, or it is empty, truncated or of another format */
export async function openFlightFile(path: string): Promise<FlightFile> {
  const name = basename(path)
  const head = await headOf(path, WANTED)
  if (head.subarray(0, 4).toString('latin1') === 'PAR1') return openParquet(path, name)
  if (!isGzip(head) && !looksLikeCsv(head)) throw badFile(name, `is neither CSV nor Parquet; ${WANTED}`)
  return openCsv(path, name, isGzip(head))
}

async function openParquet(path: string, name: string): Promise<FlightFile> {
  const file = await asyncBufferFromFile(path)
  const unreadable = (error: unknown) =>
    badFile(
      name,
      `cannot be read as Parquet (${error instanceof Error ? error.message : error}); it is probably truncated`,
    )
  const metadata = await parquetMetadataAsync(file).catch((error: unknown) => {
    throw unreadable(error)
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
            throw unreadable(error)
          })
        }
        rowStart = rowEnd
      }
    },
  }
}

/** By the statistics of the group's `date` column. A group without statistics may hold anything. */
function mayHold(group: FileMetaData['row_groups'][number], { from, to }: TimeRange): boolean {
  const column = group.columns.find((chunk) => chunk.meta_data?.path_in_schema.join('.') === 'date')
  const { min_value: min, max_value: max } = column?.meta_data?.statistics ?? {}
  return !(min instanceof Date && max instanceof Date) || (max.getTime() >= from && min.getTime() < to)
}

async function openCsv(path: string, name: string, gzipped: boolean): Promise<FlightFile> {
  const batches = () => inBatches(csvRows<RawRow>(path, { gzipped, columns: true }))
  const rows = batches()
  const first = await rows.next()
  await rows.return(undefined)
  if (first.done) throw badFile(name, `has a header and no rows; ${WANTED}`)
  return { name, columns: Object.keys(first.value[0] ?? {}), batches }
}

async function* inBatches(rows: AsyncIterable<RawRow>): AsyncGenerator<RawRow[]> {
  let batch: RawRow[] = []
  for await (const row of rows) {
    batch.push(row)
    if (batch.length < BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
