/** One browser's stream of server-sent events. A browser that does not read is disconnected, so memory is bounded. */

export interface ClientStream {
  readonly readable: ReadableStream<Uint8Array>
  send(event: string, data: object): void
  end(): void
}

const UNREAD_BYTES = 1 << 20
/** Asked by EventSource before it connects again. */
const RETRY_MS = 3_000

/** @param onEnd called when it ends, from either side */
export function createClientStream(onEnd: () => void): ClientStream {
  const encoder = new TextEncoder()
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
    send(event, data) {
      if (!controller) return
      controller.enqueue(encoder.encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`))
      if ((controller.desiredSize ?? 0) <= 0) end()
    },
    end,
  }
}
