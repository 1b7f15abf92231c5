/** Opens a user's CSV file of demand, plain or gzipped. */
import { basename } from 'node:path'
import { badFile, csvRows, isGzip, looksLikeCsv } from '../../kit/csv-file.js'

export interface CsvFile {
  readonly name: string
  readonly columns: readonly string[]
  /** Cells in the columns' order, without the header. */
  rows(): AsyncIterable<readonly string[]>
}

export const WANTED = 'give a CSV (plain or .gz) of order lines or of daily counts'

/**
 * @param head the file's first bytes
 * @throws SlipwayError BadData when the file is truncated, has no rows or is not a table
 */
export async function openCsv(path: string, head: Buffer): Promise<CsvFile> {
  const name = basename(path)
  const gzipped = isGzip(head)
  if (!gzipped && !looksLikeCsv(head)) throw badFile(name, `is not CSV; ${WANTED}`)
  const lines = () => csvRows<readonly string[]>(path, { gzipped, columns: false })
  const opening = lines()
  const header = await opening.next()
  const first = header.done ? header : await opening.next()
  await opening.return(undefined)
  if (header.done || first.done) throw badFile(name, `has a header and no rows; ${WANTED}`)
  return {
    name,
    columns: header.value,
    async *rows() {
      let isHeader = true
      for await (const cells of lines()) {
        if (!isHeader) yield cells
        isHeader = false
      }
    },
  }
}
