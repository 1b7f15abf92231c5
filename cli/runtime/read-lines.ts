import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { errorText } from '../../contracts/error-text.js'
import { SlipwayError } from '../../contracts/failure.js'

/** The lines of a file, or of an address that begins with http:// or https://. @throws SlipwayError BadRequest */
export async function* linesOf(option: string, place: string): AsyncGenerator<string> {
  const unreadable = (why: string) => new SlipwayError('BadRequest', `${option} ${place} cannot be read: ${why}`)
  const input = /^https?:\/\//.test(place) ? await bodyOf(place, unreadable) : createReadStream(place)
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

async function bodyOf(url: string, unreadable: (why: string) => SlipwayError): Promise<Readable> {
  const response = await fetch(url).catch((error: Error) => {
    throw unreadable(errorText(error.cause ?? error))
  })
  if (!response.ok || !response.body) throw unreadable(`it answers ${response.status}`)
  return Readable.fromWeb(response.body as ReadableStream)
}
