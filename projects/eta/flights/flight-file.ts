/** Reads a file of flights: CSV, plain or gzipped, or Parquet. The format is recognised by the first bytes. */
import { basename } from 'node:path'
import { badFile, csvRows, headOf, isGzip, isParquet, looksLikeCsv } from '../../kit/csv-file.js'
import type { FlightFile, RawRow } from './opened-file.js'
import { openParquet } from './parquet-file.js'

const BATCH = 10_000
const WANTED = 'give a CSV (plain or .gz) or Parquet file of flights'

/** @throws SlipwayError BadData when there is no such file, or it is empty, truncated or of another format */
export async function openFlightFile(path: string): Promise<FlightFile> {
  const name = basename(path)
  const head = await headOf(path, WANTED)
  if (isParquet(head)) return openParquet(path, name)
  if (!isGzip(head) && !looksLikeCsv(head)) throw badFile(name, `is neither CSV nor Parquet; ${WANTED}`)
  return openCsv(path, name, isGzip(head))
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
