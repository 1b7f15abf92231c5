/**
 * A TLS proxy in front of a Temporal server, like a hosted one: it refuses calls without the API key or a client
 * certificate.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { connect, createSecureServer, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { TLSSocket } from 'node:tls'

export interface TlsProxy {
  readonly address: string
  /** PEM files. The same pair serves as the client's. */
  readonly authority: string
  readonly certificate: string
  readonly key: string
  readonly apiKey: string
  /** Number of accepted calls, by credential. */
  readonly passed: { apiKey: number; certificate: number }
  stop(): Promise<void>
}

const END_STREAM = 1
const UNAUTHENTICATED = '16'

export async function tlsProxy(target: string, folder: string): Promise<TlsProxy> {
  const [authority, certificate, key] = certify(folder)
  const apiKey = 'a-key-of-the-test'
  const passed = { apiKey: 0, certificate: 0 }
  const upstream = connect(`http://${target}`)
  const cert = readFileSync(certificate)
  const server = createSecureServer({
    cert,
    key: readFileSync(key),
    ca: readFileSync(authority),
    requestCert: true,
    rejectUnauthorized: false,
  })
  const sessions = new Set<{ destroy(): void }>()
  server.on('session', (session) => {
    sessions.add(session)
    session.on('error', () => {})
  })
  server.on('stream', (stream, headers) => {
    stream.on('error', () => {})
    if (headers.authorization === `Bearer ${apiKey}`) passed.apiKey += 1
    else if ((stream.session?.socket as TLSSocket | undefined)?.authorized) passed.certificate += 1
    else {
      const status = { 'grpc-status': UNAUTHENTICATED, 'grpc-message': 'Request unauthorized.' }
      stream.respond({ ':status': 200, 'content-type': 'application/grpc', ...status }, { endStream: true })
      return
    }
    forward(stream, headers)
  })

  function forward(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    const call = upstream.request({ ...headers, ':scheme': 'http' })
    let trailers: IncomingHttpHeaders = {}
    stream.on('wantTrailers', () => stream.sendTrailers(trailers))
    stream.on('close', () => call.close())
    call.on('error', () => stream.close())
    call.on('trailers', (sent) => {
      trailers = sent
    })
    call.on('response', (answer, flags) => {
      // A response that consists of trailers only ends with its headers.
      if (flags & END_STREAM) stream.respond(answer, { endStream: true })
      else {
        stream.respond(answer, { waitForTrailers: true })
        call.pipe(stream)
      }
    })
    stream.pipe(call)
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    address: `localhost:${(server.address() as AddressInfo).port}`,
    authority,
    certificate,
    key,
    apiKey,
    passed,
    async stop() {
      for (const session of sessions) session.destroy()
      upstream.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Creates a certificate authority and one certificate signed by it, with `openssl`. */
function certify(folder: string): [string, string, string] {
  const file = (name: string) => join(folder, `${name}.pem`)
  const make = (name: string, subject: string, extensions: readonly string[], by: readonly string[]) =>
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '2',
        '-subj',
        `/CN=${subject}`,
        '-keyout',
        file(`${name}-key`),
        '-out',
        file(name),
        ...by,
        ...extensions.flatMap((extension) => ['-addext', extension]),
      ],
      { stdio: 'pipe' },
    )
  make('authority', 'authority of the test', [], [])
  const names = 'subjectAltName=DNS:temporal.example,DNS:localhost'
  const leaf = ['basicConstraints=critical,CA:FALSE', names]
  make('certificate', 'temporal.example', leaf, ['-CA', file('authority'), '-CAkey', file('authority-key')])
  return [file('authority'), file('certificate'), file('certificate-key')]
}
