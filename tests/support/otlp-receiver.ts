/** Receives traces as a collector does: OTLP over HTTP in JSON. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export interface ReceivedSpan {
  readonly service: string
  readonly name: string
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly links?: readonly { traceId: string; spanId: string }[]
  readonly status: { readonly code?: number; readonly message?: string }
  readonly attributes: Readonly<Record<string, unknown>>
  /** Epoch ms. */
  readonly from: number
  readonly until: number
}

interface Attribute {
  readonly key: string
  readonly value: Readonly<Record<string, unknown>>
}
interface Sent {
  readonly resourceSpans: {
    readonly resource: { readonly attributes: Attribute[] }
    readonly scopeSpans: {
      readonly spans: (Omit<ReceivedSpan, 'attributes' | 'from' | 'until' | 'service'> & {
        attributes: Attribute[]
        startTimeUnixNano: string
        endTimeUnixNano: string
      })[]
    }[]
  }[]
}

const plain = (attributes: readonly Attribute[]) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))

export async function otlpReceiver() {
  const spans: ReceivedSpan[] = []
  const texts: string[] = []
  let headers: IncomingHttpHeaders = {}
  const receive = async (request: IncomingMessage, response: ServerResponse) => {
    headers = request.headers
    const sent = await text(request)
    texts.push(`${request.url} ${sent}`)
    for (const { resource, scopeSpans } of (JSON.parse(sent) as Sent).resourceSpans)
      for (const span of scopeSpans.flatMap((scope) => scope.spans))
        spans.push({
          ...span,
          service: String(plain(resource.attributes)['service.name']),
          attributes: plain(span.attributes),
          from: Number(span.startTimeUnixNano) / 1e6,
          until: Number(span.endTimeUnixNano) / 1e6,
        })
    response.setHeader('content-type', 'application/json').end('{}')
  }
  const server = createServer((request, response) => void receive(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans: spans as readonly ReceivedSpan[],
    /** All that arrived, as it was sent. */
    text: () => texts.join('\n'),
    /** Of the newest request. */
    headers: () => headers,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
