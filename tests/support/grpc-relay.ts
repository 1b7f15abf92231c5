/** Forwards unary gRPC calls from one address to another. */
import http2 from 'node:http2'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'

export interface Answer {
  readonly headers: http2.OutgoingHttpHeaders
  readonly body: Buffer
  readonly trailers: http2.OutgoingHttpHeaders
}

export interface Call {
  /** Method name without service. */
  readonly method: string
  readonly request: Buffer
  /** Sends the call to the server behind the relay. @param instead a frame in place of the caller's */
  forward(instead?: Buffer): Promise<Answer>
}

export interface Relay {
  /** Where callers connect to: host:port. */
  readonly address: string
  close(): Promise<void>
}

/** @param behind host:port of the server. @param handle answers each call, usually by forwarding it */
export async function openRelay(behind: string, handle: (call: Call) => Promise<Answer>): Promise<Relay> {
  const upstream = http2.connect(`http://${behind}`)
  upstream.on('error', () => {})
  const sessions = new Set<http2.ServerHttp2Session>()
  const server = http2.createServer()
  server.on('session', (session) => {
    sessions.add(session)
    session.on('error', () => {})
    session.on('close', () => sessions.delete(session))
  })
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {})
    void serve(stream, headers)
  })

  async function serve(stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders): Promise<void> {
    try {
      const request = await bodyOf(stream)
      const method = String(headers[':path']).split('/').at(-1) ?? ''
      const { ':authority': _, ...kept } = headers
      answer(stream, await handle({ method, request, forward: (instead = request) => forward(stream, kept, instead) }))
    } catch (e) {
      console.error('RELAY', headers[':path'], e)
      stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR)
    }
  }

  async function forward(
    caller: http2.ServerHttp2Stream,
    headers: http2.OutgoingHttpHeaders,
    request: Buffer,
  ): Promise<Answer> {
    const asked = upstream.request(headers)
    // A poll whose caller has gone would still receive a task, which would be lost.
    const leave = () => asked.close(http2.constants.NGHTTP2_CANCEL)
    caller.once('close', leave)
    try {
      asked.end(request)
      let headers: http2.IncomingHttpHeaders = {}
      let trailers: http2.IncomingHttpHeaders = {}
      asked.once('response', (had) => {
        headers = had
      })
      asked.once('trailers', (had) => {
        trailers = had
      })
      return { body: await bodyOf(asked), headers, trailers }
    } finally {
      caller.off('close', leave)
    }
  }

  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      upstream.destroy()
      for (const session of sessions) session.destroy()
      await new Promise((closed) => server.close(closed))
    },
  }
}

/** A gRPC error status in place of an answer. */
export const refusal = (code: number, message: string): Answer => ({
  headers: { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': code, 'grpc-message': message },
  body: Buffer.alloc(0),
  trailers: {},
})

function answer(stream: http2.ServerHttp2Stream, { headers, body, trailers }: Answer): void {
  if (stream.destroyed) return
  // An error consists of headers only.
  if (headers['grpc-status'] !== undefined) {
    stream.respond(headers, { endStream: true })
    return
  }
  stream.respond(headers, { waitForTrailers: true })
  stream.once('wantTrailers', () => stream.sendTrailers(trailers))
  stream.end(body)
}

async function bodyOf(stream: http2.Http2Stream): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** The message in a gRPC frame: one flag byte (1: gzip), four bytes of length, the message. */
export function messageOf(frame: Buffer): Buffer {
  const message = frame.subarray(5)
  return frame[0] === 1 ? gunzipSync(message) : message
}

/** A frame with this message, not compressed. */
export function frameOf(message: Uint8Array): Buffer {
  const head = Buffer.alloc(5)
  head.writeUInt32BE(message.length, 1)
  return Buffer.concat([head, message])
}
