/**
 * One Unicode spelling (NFC) of names and ids: some systems write é as one character, others as e and an accent.
 * Spelled in two ways, one product would be two. Text in ASCII stays as it is, byte by byte.
 */
import { isAscii } from 'node:buffer'
import { LONGEST_ROW } from './file-limits.js'

export const oneSpelling = (text: string): string => text.normalize('NFC')

const NEWLINE = 0x0a
/** A row that is longer is refused by the parser. In bytes: a character has at most four. */
const MOST_HELD = LONGEST_ROW * 4

/** The same for UTF-8 that arrives in pieces. A line end never joins with what follows it. */
export async function* spelledInOneWay(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer[] = []
  let size = 0
  for await (const piece of pieces) {
    const end = piece.lastIndexOf(NEWLINE) + 1
    if (size === 0 && isAscii(piece) && (end === piece.length || isLongRow(piece))) {
      yield piece
      continue
    }
    if (end > 0) {
      yield spelled(Buffer.concat([...held, piece.subarray(0, end)]))
      held = []
      size = 0
    }
    held.push(piece.subarray(end))
    size += piece.length - end
    if (size <= MOST_HELD) continue
    yield Buffer.concat(held)
    held = []
    size = 0
  }
  if (size > 0) yield spelled(Buffer.concat(held))
}

const isLongRow = (piece: Buffer): boolean => piece.length > MOST_HELD

const spelled = (bytes: Buffer): Buffer => (isAscii(bytes) ? bytes : Buffer.from(oneSpelling(bytes.toString('utf8'))))
