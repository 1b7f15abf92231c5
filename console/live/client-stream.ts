/** One browser's stream of server-sent events. A browser that does not read is disconnected, so memory is bounded. */

export interface ClientStream {
  readonly readable: ReadableStream<Uint8Array>
  send(event: Uint8Array): void
  end(): void
}

const UNREAD_BYTES = 1 << 20
/** Asked by EventSource before it connects again. */
const RETRY_MS = 3_000

const encoder = new TextEncoder()

/** Once for all streams that get it: what 500 slow browsers have not read yet is in memory once. */
export const encoded = (event: string, data: object): Uint8Array =>
  encoder.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)

/** @param onEnd called when it ends, from either side */
export function createClientStream(onEnd: () => void): ClientStream {
  let controller: ReadableStreamDefaultController<Uint8Array> | null = null
  const readable = new ReadableStream<Uint8Array>(
    {
      start(opened) {
        controller = opened
        opened.enqueue(encoder.encode(`retry: ${RETRY_MS}\n\n`))
      },
      cancel() {
        controller = null
        onEnd()
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: UNREAD_BYTES }),
  )
  const end = () => {
    controller?.close()
    controller = null
    onEnd()
  }
  return {
    readable,
    send(event) {
      if (!controller) return
      controller.enqueue(event)
      if ((controller.desiredSize ?? 0) <= 0) end()
    },
    end,
  }
}
