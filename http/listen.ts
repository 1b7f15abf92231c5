/**
 * The HTTP server. Time, size and connections are limited, so that a slow or half-open client costs one socket and
 * nothing else.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { SlipwayError } from '../contracts/failure.js'
import { isUpload } from './access/body-limit.js'
import type { App } from './app-options.js'
import { endStreams } from './closing.js'

export interface ListenOptions {
  readonly host: string
  /** 0 for any free port. */
  readonly port: number
  /** A request must have arrived completely within this time, in ms. */
  readonly requestTimeoutMs?: number
  readonly connections?: number
}

export interface Listening {
  readonly url: string
  readonly port: number
  /** Lets requests in progress finish, then closes. */
  close(): Promise<void>
}

const REQUEST_TIMEOUT_MS = 15_000
/** Of a request that brings data, which may be gigabytes. */
const UPLOAD_TIMEOUT_MS = 30 * 60_000
const CONNECTIONS = 2_000
const CHECK_EVERY_MS = 250
const CLOSE_WITHIN_MS = 10_000

/** @throws SlipwayError BadRequest if the port is in use or the address is not of this machine */
export async function listen(app: App, options: ListenOptions): Promise<Listening> {
  const { host, port, requestTimeoutMs = REQUEST_TIMEOUT_MS, connections = CONNECTIONS } = options
  const answer = getRequestListener(app.fetch)
  let closing = false
  const server = createServer(
    {
      requestTimeout: Math.max(UPLOAD_TIMEOUT_MS, requestTimeoutMs),
      headersTimeout: requestTimeoutMs,
      connectionsCheckingInterval: CHECK_EVERY_MS,
      keepAliveTimeout: 20_000,
      maxHeaderSize: 16 << 10,
    },
    (request, response) => {
      // Without this a busy client would keep its connection open and delay the close.
      if (closing) response.setHeader('connection', 'close')
      if (!isUpload(pathOf(request.url))) endIfSlow(request, requestTimeoutMs)
      void answer(request, response)
    },
  )
  server.maxConnections = connections
  await bind(server, host, port)
  const { port: bound } = server.address() as AddressInfo
  return {
    port: bound,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    async close() {
      const closed = once(server, 'close')
      closing = true
      endStreams(app)
      server.close()
      server.closeIdleConnections()
      const late = setTimeout(() => server.closeAllConnections(), CLOSE_WITHIN_MS)
      await closed
      clearTimeout(late)
    },
  }
}

/** The server's own limit is one for all requests. */
function endIfSlow(request: IncomingMessage, withinMs: number): void {
  const { 'content-length': length = '0', 'transfer-encoding': coding } = request.headers
  if (length === '0' && coding === undefined) return
  const late = setTimeout(() => {
    if (request.complete) return
    request.socket.end('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n')
    request.socket.destroySoon()
  }, withinMs)
  request.once('close', () => clearTimeout(late))
}

async function bind(server: Server, host: string, port: number): Promise<void> {
  server.listen({ host, port })
  try {
    await once(server, 'listening')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE')
      throw new SlipwayError('BadRequest', `port ${port} is in use; set SLIPWAY_PORT to a free port`, { cause: error })
    if (code === 'EADDRNOTAVAIL')
      throw new SlipwayError(
        'BadRequest',
        `address ${host} does not belong to this machine; set SLIPWAY_BIND to one that does`,
        { cause: error },
      )
    throw error
  }
}

/** Without its query. The address may be malformed here. */
const pathOf = (address = ''): string => address.split('?', 1)[0] ?? ''
