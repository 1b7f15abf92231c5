/**
 * A snapshot's photos in one file: their bytes one after the other, then the index as JSON, then the index's length in
 * 16 digits. It is written in one pass, and a photo can be read without the others.
 */
import { createWriteStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { finished } from 'node:stream/promises'
import { SlipwayError } from '../../../contracts/failure.js'
import type { PhotoRow } from './photo.js'

export interface PackedPhoto extends PhotoRow {
  readonly at: number
  readonly length: number
}

export interface PackWriter {
  add(row: PhotoRow, bytes: Uint8Array): Promise<void>
  finish(): Promise<void>
}

const TAIL = 16

export function writePack(file: string): PackWriter {
  const stream = createWriteStream(file)
  const rows: PackedPhoto[] = []
  let at = 0
  const write = (bytes: Uint8Array) =>
    new Promise<void>((resolve, reject) => stream.write(bytes, (error) => (error ? reject(error) : resolve())))
  return {
    async add(row, bytes) {
      await write(bytes)
      rows.push({ ...row, at, length: bytes.length })
      at += bytes.length
    },
    async finish() {
      const index = Buffer.from(JSON.stringify(rows))
      await write(index)
      stream.end(String(index.length).padStart(TAIL, '0'))
      await finished(stream)
    },
  }
}

export interface Pack {
  readonly rows: readonly PackedPhoto[]
  bytesOf(row: Pick<PackedPhoto, 'at' | 'length'>): Promise<Buffer>
}

/**
 * Opens a snapshot's file, and closes it when `use` has ended.
 * @throws SlipwayError BadData when it is no such file
 */
export async function withPack<Result>(file: string, use: (pack: Pack) => Promise<Result>): Promise<Result> {
  const handle = await open(file)
  try {
    const rows = await indexOf(handle, file)
    return await use({
      rows,
      async bytesOf({ at, length }) {
        const bytes = Buffer.alloc(length)
        await handle.read(bytes, 0, length, at)
        return bytes
      },
    })
  } finally {
    await handle.close()
  }
}

async function indexOf(handle: FileHandle, file: string): Promise<PackedPhoto[]> {
  const { size } = await handle.stat()
  const tail = Buffer.alloc(TAIL)
  await handle.read(tail, 0, TAIL, Math.max(0, size - TAIL))
  const length = Number(tail.toString('utf8'))
  if (!Number.isInteger(length) || length < 2 || length > size - TAIL)
    throw new SlipwayError(
      'BadData',
      `${file} is not a snapshot of photos: its last ${TAIL} bytes do not state the length of an index`,
    )
  const index = Buffer.alloc(length)
  await handle.read(index, 0, length, size - TAIL - length)
  return JSON.parse(index.toString('utf8')) as PackedPhoto[]
}
