/**
 * The tar format, as far as a stored source needs it: files and their names. No owners, times or links, so that the
 * same files give the same bytes, and every system can list what is stored.
 */
import { createReadStream } from 'node:fs'
import { SlipwayError } from '../../contracts/failure.js'

const BLOCK = 512
/** What twelve octal digits of a header can say would be more, but older programs read eleven. */
const MOST_BYTES = 8 ** 11 - 1
/** Bytes of a name that fit into the oldest form of a header. */
const SHORT_NAME = 100

export interface PackedFile {
  /** With `/` between folders. */
  readonly name: string
  readonly path: string
  readonly bytes: number
}

/** @throws SlipwayError BadData when a file has changed since it was measured */
export async function* packed(files: readonly PackedFile[]): AsyncGenerator<Uint8Array> {
  for (const { name, path, bytes } of files) {
    if (bytes > MOST_BYTES) throw new SlipwayError('BadData', `${name} has ${bytes} bytes; the most is ${MOST_BYTES}`)
    const long = Buffer.from(name)
    if (long.length > SHORT_NAME || long.length !== name.length) yield* extended(long)
    yield header(long.subarray(0, SHORT_NAME), bytes, '0')
    let found = 0
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      found += chunk.length
      if (found <= bytes) yield chunk
    }
    if (found !== bytes) throw new SlipwayError('BadData', `${path} changed while it was read; store it again`)
    yield padding(bytes)
  }
  yield Buffer.alloc(2 * BLOCK)
}

/** The name as POSIX writes one that is long or not ASCII: a record `LENGTH path=NAME`, whose length counts itself. */
function* extended(name: Buffer): Generator<Uint8Array> {
  const rest = Buffer.concat([Buffer.from(' path='), name, Buffer.from('\n')])
  let length = rest.length + 1
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length
  const record = Buffer.concat([Buffer.from(String(length)), rest])
  yield header(Buffer.from('name'), record.length, 'x')
  yield record
  yield padding(record.length)
}

function header(name: Buffer, bytes: number, type: string): Buffer {
  const block = Buffer.alloc(BLOCK)
  name.copy(block)
  block.write('0000644\x000000000\x000000000\x00', SHORT_NAME)
  block.write(`${bytes.toString(8).padStart(11, '0')}\x0000000000000\x00        ${type}`, 124)
  block.write('ustar\x0000', 257)
  block.write(`${checksum(block).toString(8).padStart(6, '0')}\x00 `, CHECKSUM)
  return block
}

const padding = (bytes: number): Buffer => Buffer.alloc((BLOCK - (bytes % BLOCK)) % BLOCK)

export const CHECKSUM = 148

/** Of a header, its own field counted as spaces. */
export const checksum = (block: Buffer): number =>
  block.reduce((sum, byte, at) => sum + (at >= CHECKSUM && at < CHECKSUM + 8 ? 0x20 : byte), 0)
