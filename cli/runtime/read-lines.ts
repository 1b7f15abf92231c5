import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { errorText } from '../../contracts/error-text.js'
import { SlipwayError } from '../../contracts/failure.js'
import { namedFileProblem } from '../../contracts/named-file.js'
import { readNamedObject } from '../../registry/index.js'

/**
 * The lines of a file, or of an address that begins with http://, https:// or s3://.
 * @throws SlipwayError BadRequest
 */
export async function* linesOf(option: string, place: string): AsyncGenerator<string> {
  const unreadable = (why: string) => new SlipwayError('BadRequest', `${option} ${place} cannot be read: ${why}`)
  const input = await opened(place, unreadable)
  const failed = new Promise<never>((_, fail) =>
    input.once('error', (error: Error) => fail(unreadable(errorText(error)))),
  )
  failed.catch(() => {})
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]()
  try {
    for (;;) {
      const line = await Promise.race([lines.next(), failed])
      if (line.done) break
      yield line.value
    }
    // The interface ends quietly when its input fails.
    if (input.errored) throw unreadable(errorText(input.errored))
  } finally {
    input.destroy()
  }
}

type Unreadable = (why: string) => SlipwayError

function opened(place: string, unreadable: Unreadable): Readable | Promise<Readable> {
  if (/^https?:\/\//.test(place)) return bodyOf(place, unreadable)
  if (place.startsWith('s3://')) return objectAt(place, unreadable)
  const problem = namedFileProblem(place)
  if (problem) throw unreadable(`it ${problem}`)
  return createReadStream(place)
}

async function objectAt(place: string, unreadable: Unreadable): Promise<Readable> {
  const bytes = await readNamedObject(place).catch((error: unknown) => {
    throw unreadable(errorText(error))
  })
  if (bytes === null) throw unreadable('there is no such object')
  return Readable.from([Buffer.from(bytes)])
}

async function bodyOf(url: string, unreadable: Unreadable): Promise<Readable> {
  const response = await fetch(url).catch((error: Error) => {
    throw unreadable(errorText(error.cause ?? error))
  })
  if (!response.ok || !response.body) throw unreadable(`it answers ${response.status}`)
  return Readable.fromWeb(response.body as ReadableStream)
}
