/** Transfers between files and an S3 bucket as streams: a model or a data file need not fit in memory. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { sha256 } from '../../contracts/canonical.js'

/** Bytes to upload, read again at every attempt. */
export interface Source {
  readonly digest: string
  readonly length: number
  body(): Buffer | AsyncIterable<Uint8Array>
}

export const sourceOfBytes = (bytes: Uint8Array): Source => ({
  digest: sha256(bytes),
  length: bytes.byteLength,
  body: () => Buffer.from(bytes),
})

/**
 * Reads the file once for its digest, which signs the upload: a file that changes meanwhile is refused by the server.
 */
export async function sourceOfFile(path: string): Promise<Source> {
  const { size } = await stat(path)
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return {
    digest: `sha256:${hash.digest('hex')}`,
    length: size,
    // As an iterable, which is read as fast as it is sent: a web stream of a file may buffer all of it. The end is
    // fixed, so that the length in the header stays true for a file that grows.
    body: () => (size === 0 ? Buffer.alloc(0) : createReadStream(path, { end: size - 1 })),
  }
}

export async function digestOfStream(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of chunks) hash.update(chunk)
  return `sha256:${hash.digest('hex')}`
}
