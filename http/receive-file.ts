/** Takes the body of a request into a file, piece by piece: it may be larger than memory. */
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { SlipwayError } from '../contracts/failure.js'

/**
 * @param most bytes
 * @returns how many bytes came
 * @throws whatever `tooLarge` gives when there are more; SlipwayError BadRequest when the connection broke
 */
export async function receiveFile(
  body: ReadableStream<Uint8Array> | null,
  path: string,
  { most, tooLarge }: { most: number; tooLarge: () => Error },
): Promise<number> {
  let bytes = 0
  const arriving = body === null ? Readable.from([]) : Readable.fromWeb(body)
  async function* counted(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of arriving as AsyncIterable<Uint8Array>) {
        bytes += chunk.byteLength
        if (bytes > most) break
        yield chunk
      }
    } catch (error) {
      throw new SlipwayError('BadRequest', 'the body did not arrive completely; send it again', { cause: error })
    }
    if (bytes > most) throw tooLarge()
  }
  await pipeline(counted, createWriteStream(path, { flags: 'wx' }))
  return bytes
}
