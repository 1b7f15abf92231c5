/** Checks before every route: identity, role, request rate and body size. */
import type { Context, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { foreignSite } from './access/foreign-site.js'
import { addressOf, type Identities, identify, isOpen } from './access/identify.js'
import { createRateLimit } from './access/rate.js'
import type { Caller, Role } from './access/tokens.js'
import { problem, wantsPage } from './problems.js'
import { createPages } from './routes/show-page.js'
import { logInFirst } from './session/log-in-first.js'

/** A request that was refused because of who sent it. */
export interface RefusedAttempt {
  readonly status: 401 | 403
  readonly method: string
  readonly path: string
  /** IP address. */
  readonly address: string
  /** Name of a known caller. */
  readonly caller: string | null
  readonly why: string
}

export interface Access extends Identities {
  /** Called for each refused attempt. */
  readonly onRefused?: ((attempt: RefusedAttempt) => void) | undefined
  /** Requests per second and caller. */
  readonly requestsPerSecond: number
  /** Largest request body, in bytes. */
  readonly bodyBytes: number
  /** Whether decisions of a project may be as much larger as its input schema permits. */
  readonly bodiesFollowProjects?: boolean
}

export interface Variables {
  caller: Caller | null
  /** Why a credential was refused. */
  refused: string | null
  /** The token of forms, where the caller is known by a session. */
  csrf: string | null
}

/** Wrong credentials per second and address. */
const WRONG_PER_SECOND = 5

/** @param limitOf largest body of a request with this path, in bytes */
export function createGuard(access: Access, limitOf: (path: string) => number) {
  const { sessions, requestsPerSecond, onRefused = () => {} } = access
  // Asked each time: tokens may be added to a service that had none.
  const open = () => isOpen(access)
  const rate = createRateLimit(requestsPerSecond)
  const wrong = createRateLimit(WRONG_PER_SECOND)
  const pages = createPages(access)
  type C = Context<{ Variables: Variables }>
  const refuse = (c: C, status: 401 | 403, why: string): Response => {
    const { method, path } = c.req
    onRefused({ status, method, path, address: addressOf(c), caller: c.get('caller')?.name ?? null, why })
    // With the button to log out: the person may have another account.
    return wantsPage(c) ? pages.problem(c, status, why) : problem(c, status, why)
  }
  /** @param showsForm the route answers a form without the token of the session with the same form and a new token */
  const identifies =
    (showsForm: boolean): MiddlewareHandler<{ Variables: Variables }> =>
    async (c, next) => {
      const { caller, refused, csrf, forged } = await identify(access, c)
      c.set('caller', caller)
      c.set('refused', refused)
      c.set('csrf', csrf)
      const name = caller?.name ?? addressOf(c)
      const seconds = rate.take(name, Date.now())
      if (seconds > 0)
        return problem(c, 429, `more than ${requestsPerSecond} requests a second from ${name}`, { retryAfter: seconds })
      if (refused !== null && !open()) {
        const retryAfter = wrong.take(name, Date.now())
        if (retryAfter > 0) return problem(c, 429, `too many wrong tokens from ${name}`, { retryAfter })
      }
      if (forged === 'site' || (forged === 'token' && !showsForm))
        return refuse(c, 403, 'the request comes from no page of this service: send the header x-csrf-token')
      return next()
    }
  /** @returns why the caller may not; null when they may */
  const refusal = (c: C, needed: Role, project: string | undefined = c.req.param('project')): Response | null => {
    if (open()) return null
    const caller = c.get('caller')
    if (!caller) {
      if (sessions && c.req.method === 'GET' && (c.req.header('accept') ?? '').includes('text/html'))
        return logInFirst(c)
      return unknown(c)
    }
    if (caller.may(needed, project)) return null
    if (caller.kind === 'person') {
      const where = project === undefined ? 'all projects' : `project ${project}`
      return refuse(c, 403, `${caller.name} is in no group with the role ${needed} for ${where}`)
    }
    return refuse(
      c,
      403,
      `token "${caller.name}" does not have the role ${needed}; create one with: slipway token new NAME --role ${needed}`,
    )
  }
  const unknown = (c: C): Response => {
    const why = c.get('refused')
    return refuse(c, 401, `${why === null ? '' : `${why}; `}send the header Authorization: Bearer TOKEN`)
  }
  const known: MiddlewareHandler<{ Variables: Variables }> = async (c, next) =>
    open() || c.get('caller') ? next() : unknown(c)
  const role =
    (needed: Role): MiddlewareHandler<{ Variables: Variables }> =>
    async (c, next) =>
      refusal(c, needed) ?? next()
  // Without tokens any page that a browser on this machine shows could send requests here.
  const site: MiddlewareHandler<{ Variables: Variables }> = async (c, next) => {
    const foreign = open() ? foreignSite(c.req.header('host'), c.req.header('origin')) : null
    return foreign === null ? next() : refuse(c, 403, foreign)
  }
  const tooLarge = (c: Context) => problem(c, 413, `the body is larger than ${limitOf(c.req.path)} bytes`)
  const size: MiddlewareHandler = async (c, next) => {
    const length = c.req.header('content-length')
    const limit = limitOf(c.req.path)
    // The route counts: the middleware below would keep the whole body in memory.
    if (limit === Number.POSITIVE_INFINITY) return next()
    // Counting a body with a content-length would double the cost of a request; the HTTP parser enforces that length.
    if (length === undefined) {
      if (c.req.header('transfer-encoding') === undefined) return next()
      return bodyLimit({ maxSize: limit, onError: tooLarge })(c, next)
    }
    return Number(length) > limit ? tooLarge(c) : next()
  }
  return { identify: identifies(false), identifyForm: identifies(true), refuse, open, known, refusal, role, site, size }
}
