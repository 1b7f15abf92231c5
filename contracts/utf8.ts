/**
 * Text of users is UTF-8, or it is refused. A decoder that replaces bytes would turn two different names into one.
 */
import { isUtf8 } from 'node:buffer'
import { parseJson } from './json-text.js'

const NEWLINE = 0x0a

/** Checks text that arrives in pieces, and counts its lines. Each call returns what is wrong, if anything is. */
export function createUtf8Check() {
  let rest: Uint8Array = new Uint8Array()
  let line = 1
  let offset = 0
  return {
    take(chunk: Uint8Array): string | undefined {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      const complete = bytes.subarray(0, bytes.length - openTail(bytes))
      if (!isUtf8(complete)) return faultIn(complete, line, offset)
      line += linesIn(complete)
      offset += complete.length
      rest = bytes.subarray(complete.length)
      return undefined
    },
    end: (): string | undefined => (rest.length === 0 ? undefined : faultIn(rest, line, offset)),
  }
}

/**
 * The text of a user's file or request, without a byte order mark.
 * @throws SyntaxError naming the line and the byte that is not UTF-8
 */
export function textOf(bytes: Uint8Array): string {
  if (!isUtf8(bytes)) throw new SyntaxError(isUtf16(bytes) ? UTF_16 : faultIn(bytes, 1, 0))
  // `TextDecoder` removes the mark, too.
  return new TextDecoder().decode(bytes)
}

/** @throws SyntaxError when it is not UTF-8, not JSON, or nested too deeply */
export const jsonOf = (bytes: Uint8Array): unknown => parseJson(textOf(bytes))

export const UTF_16 = 'it is UTF-16; write it as UTF-8'
export const isUtf16 = (head: Uint8Array): boolean =>
  (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)

/** How many bytes at the end begin a character whose other bytes are still to come. */
function openTail(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] as number
    if ((byte & 0b1100_0000) === 0b1000_0000) continue
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1
    return length > back ? back : 0
  }
  return 0
}

function linesIn(bytes: Uint8Array): number {
  let lines = 0
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) lines += 1
  return lines
}

/** @param offset of the first byte in the whole text @param line the number of its line, from 1 */
function faultIn(bytes: Uint8Array, line: number, offset: number): string {
  let at = 0
  let number = line
  while (at < bytes.length) {
    const length = [1, 2, 3, 4].find((size) => at + size <= bytes.length && isUtf8(bytes.subarray(at, at + size)))
    if (length === undefined) break
    if (bytes[at] === NEWLINE) number += 1
    at += length
  }
  const byte = (bytes[at] ?? 0).toString(16).padStart(2, '0')
  return `line ${number} is not UTF-8: byte 0x${byte} at offset ${offset + at}; write it as UTF-8`
}
