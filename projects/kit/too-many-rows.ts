/** Whether a table has too many rows, found without parsing it: reading five million rows first would take minutes. */
import { LONGEST_ROW } from './file-limits.js'

const [LF, SPACE, QUOTE] = [0x0a, 0x20, 0x22]

/** Counts rows, the header too, by their line ends. Blank lines and line ends inside quotes are none. */
function createRowCount() {
  let rows = 0
  let quoted = false
  let length = 0
  let isBlank = true
  return {
    get rows() {
      return rows + (isBlank ? 0 : 1)
    },
    /** @returns false where the rest is not worth counting: the parser will refuse a row of this length */
    take(chunk: Uint8Array): boolean {
      for (const byte of chunk) {
        if (byte === LF && !quoted) {
          if (!isBlank) rows += 1
          length = 0
          isBlank = true
          continue
        }
        if (byte === QUOTE) quoted = !quoted
        if (byte > SPACE) isBlank = false
        length += 1
      }
      return length <= LONGEST_ROW * 4
    },
  }
}

/** The least bytes of a row: a character and a line end. */
const LEAST_ROW_BYTES = 2
/** The most that DEFLATE packs into one byte. */
const MOST_PACKED = 1_032

/** Whether a file of a size is worth counting. */
export const mayHold = (rows: number, size: number, gzipped: boolean): boolean =>
  (size * (gzipped ? MOST_PACKED : 1)) / LEAST_ROW_BYTES > rows

/** @param mostRows without the header */
export async function hasMoreRows(bytes: AsyncIterable<Uint8Array>, mostRows: number): Promise<boolean> {
  const count = createRowCount()
  for await (const chunk of bytes) {
    const worthwhile = count.take(chunk)
    if (count.rows > mostRows + 1) return true
    if (!worthwhile) return false
  }
  return false
}

/** The same of a table in memory. */
export function holdsMoreRows(bytes: Uint8Array, mostRows: number): boolean {
  if (!mayHold(mostRows, bytes.length, false)) return false
  const count = createRowCount()
  count.take(bytes)
  return count.rows > mostRows + 1
}
