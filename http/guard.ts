/** Checks before every route: identity, role, request rate and body size. */
import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { foreignSite } from './access/foreign-site.js'
import { createRateLimit } from './access/rate.js'
import { type Caller, findCaller, type Role, type Token } from './access/tokens.js'
import { problem } from './problems.js'

export interface Access {
  /** If empty, any client on this machine may do everything except force an arm. */
  readonly tokens: readonly Token[]
  /** Requests per second and caller. */
  readonly requestsPerSecond: number
  /** Largest request body, in bytes. */
  readonly bodyBytes: number
  /** Whether decisions of a project may be as much larger as its input schema permits. */
  readonly bodiesFollowProjects?: boolean
}

export interface Variables {
  caller: Caller | null
}

/** @param limitOf largest body of a request with this path, in bytes */
export function createGuard({ tokens, requestsPerSecond }: Access, limitOf: (path: string) => number) {
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
  /** @returns why the caller may not; null when they may */
  const refusal = (c: Context<{ Variables: Variables }>, needed: Role): Response | null => {
    if (tokens.length === 0) return null
    const caller = c.get('caller')
    if (!caller) return problem(c, 401, 'send the header Authorization: Bearer TOKEN')
    if (caller.may(needed)) return null
    return problem(
      c,
      403,
      `token "${caller.name}" does not have the role ${needed}; create one with: slipway token new NAME --role ${needed}`,
    )
  }
  const role =
    (needed: Role): MiddlewareHandler<{ Variables: Variables }> =>
    async (c, next) =>
      refusal(c, needed) ?? next()
  // Without tokens any page that a browser on this machine shows could send requests here.
  const site: MiddlewareHandler = async (c, next) => {
    const foreign = tokens.length > 0 ? null : foreignSite(c.req.header('host'), c.req.header('origin'))
    return foreign === null ? next() : problem(c, 403, foreign)
  }
  const tooLarge = (c: Context) => problem(c, 413, `the body is larger than ${limitOf(c.req.path)} bytes`)
  const size: MiddlewareHandler = async (c, next) => {
    const length = c.req.header('content-length')
    const limit = limitOf(c.req.path)
    // Counting a body with a content-length would double the cost of a request; the HTTP parser enforces that length.
    if (length === undefined) {
      if (c.req.header('transfer-encoding') === undefined) return next()
      return bodyLimit({ maxSize: limit, onError: tooLarge })(c, next)
    }
    return Number(length) > limit ? tooLarge(c) : next()
  }
  return { identify, refusal, role, site, size }
}
