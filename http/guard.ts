/** Before any route: who it is, whether it may, how often, how large. */
import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { createRateLimit } from './access/rate.js'
import { type Caller, findCaller, type Role, type Token } from './access/tokens.js'
import { problem } from './problems.js'

export interface Access {
  /** None: everybody on this machine may do everything but force an arm. */
  readonly tokens: readonly Token[]
  /** Requests a second of one caller. */
  readonly requestsPerSecond: number
  /** Bytes of one body. */
  readonly bodyBytes: number
}

export interface Variables {
  caller: Caller | null
}

export function createGuard({ tokens, requestsPerSecond, bodyBytes }: Access) {
  const rate = createRateLimit(requestsPerSecond)
  const identify: MiddlewareHandler<{ Variables: Variables }> = async (c, next) => {
    const caller = findCaller(tokens, c.req.header('authorization'))
    c.set('caller', caller)
    const name = caller?.name ?? getConnInfo(c).remote.address ?? 'unknown'
    const seconds = rate.take(name, Date.now())
    if (seconds > 0) {
      return problem(c, 429, `more than ${requestsPerSecond} requests a second from ${name}`, { retryAfter: seconds })
    }
    return next()
  }
  const role =
    (needed: Role): MiddlewareHandler<{ Variables: Variables }> =>
    async (c, next) => {
      if (tokens.length === 0) return next()
      const caller = c.get('caller')
      if (!caller) return problem(c, 401, 'send the header Authorization: Bearer TOKEN')
      if (!caller.may(needed)) return problem(c, 403, `token "${caller.name}" has not the role ${needed}`)
      return next()
    }
  const tooLarge = (c: Context) => problem(c, 413, `the body is larger than ${bodyBytes} bytes`)
  const counted = bodyLimit({ maxSize: bodyBytes, onError: tooLarge })
  const size: MiddlewareHandler = async (c, next) => {
    const length = c.req.header('content-length')
    // Counting a body that tells its length would double the cost of a request; the parser holds it to that length.
    if (length === undefined) return c.req.header('transfer-encoding') === undefined ? next() : counted(c, next)
    return Number(length) > bodyBytes ? tooLarge(c) : next()
  }
  return { identify, role, size }
}
