/** Sessions of people in browsers: no state in this process, so that any gateway answers. */
import type { Context } from 'hono'
import { SlipwayError } from '../../contracts/failure.js'
import { isSameToken, newFormToken } from '../access/form-tokens.js'
import type { Caller } from '../access/tokens.js'
import { type Claims, grantedGroups, personOf } from '../identity/person.js'
import type { IdentitySettings } from '../identity/settings.js'
import { LONGEST_NEXT } from './log-in-first.js'
import type { LoginClient, PendingLogin, Tokens } from './login-client.js'
import { sealedCookie } from './sealed-cookies.js'

interface Session {
  readonly name: string
  /** Those that the settings name. */
  readonly groups: readonly string[]
  /** In every form, and in the header x-csrf-token. */
  readonly csrf: string
  readonly refresh?: string | undefined
  /** Epoch ms until which the claims are used without asking the issuer again. */
  readonly fresh: number
  /** Epoch ms of the end, whatever the issuer says. */
  readonly end: number
}

export interface Known {
  readonly caller: Caller
  readonly csrf: string
}

/** `site`: sent by a page of another site. `token`: without the token of this session. */
export type Forgery = 'site' | 'token'

export interface Sessions {
  /** Where forms may lead: the issuer, for a logout. */
  readonly issuer: string
  /** Where the browser goes to log in. */
  begin(c: Context, next: string): Promise<URL>
  /**
   * @returns where the browser goes afterwards
   * @throws SlipwayError BadRequest for an answer that belongs to no login
   */
  finish(c: Context, query: string): Promise<string>
  /** Asks the issuer again when the claims are old. Null without a session, or when it has ended. */
  find(c: Context): Promise<Known | null>
  /** @returns where the browser logs out at the issuer; null for nowhere */
  end(c: Context): Promise<URL | null>
  /** What shows that a request that changes something comes from no page of this session; null if nothing does. */
  forgery(c: Context, known: Known): Promise<Forgery | null>
}

const LOGIN_S = 10 * 60
const SESSION_S = 12 * 3_600
/** With the issuer away, for so long after the claims are old: an operator must be able to act then. */
const GRACE_MS = 3_600_000
/** A browser sends several requests with one cookie at a time; the issuer takes a refresh token once. */
const REMEMBERED_MS = 60_000

interface Needs {
  readonly settings: IdentitySettings
  readonly client: LoginClient
  readonly secret: string
  readonly now?: () => number
}

export function createSessions({ settings, client, secret, now = Date.now }: Needs): Sessions {
  const publicUrl = new URL(settings.login?.publicUrl ?? '')
  const secure = publicUrl.protocol === 'https:'
  const logins = sealedCookie<PendingLogin>({ purpose: 'login', secret, secure })
  const sessions = sealedCookie<Session>({ purpose: 'session', secret, secure })
  const refreshing = new Map<string, { readonly at: number; readonly tokens: Promise<Tokens | null> }>()

  const keep = async (c: Context, session: Session): Promise<void> =>
    sessions.write(c, session, Math.max(1, Math.floor((session.end - now()) / 1_000)))
  const claimsOf = ({ name, groups }: Pick<Session, 'name' | 'groups'>): Claims => ({
    [settings.nameClaim]: name,
    [settings.groupsClaim]: groups,
  })
  const known = (session: Session): Known | null => {
    const caller = personOf(settings, claimsOf(session))
    return typeof caller === 'string' ? null : { caller, csrf: session.csrf }
  }
  const person = ({ claims, refresh, seconds }: Tokens) => {
    const found = personOf(settings, claims)
    if (typeof found === 'string') throw new SlipwayError('BadRequest', found)
    const groups = grantedGroups(settings, claims)
    return { name: found.name, groups, refresh, fresh: now() + seconds * 1_000 }
  }
  const refreshOnce = (token: string): Promise<Tokens | null> => {
    for (const [known, { at }] of refreshing) if (now() - at > REMEMBERED_MS) refreshing.delete(known)
    const running = refreshing.get(token)?.tokens ?? client.refresh(token)
    if (!refreshing.has(token)) {
      refreshing.set(token, { at: now(), tokens: running })
      running.catch(() => refreshing.delete(token))
    }
    return running
  }
  const renewed = async (c: Context, session: Session): Promise<Session | null> => {
    const { refresh, fresh, end } = session
    if (now() >= end) return null
    if (now() < fresh) return session
    if (refresh === undefined) return null
    try {
      const tokens = await refreshOnce(refresh)
      if (!tokens) return null
      const next = { ...session, ...person(tokens) }
      // Another account in the same browser has a session of its own.
      if (next.name !== session.name) return null
      await keep(c, next)
      return next
    } catch (error) {
      if (!(error instanceof SlipwayError) || error.type !== 'Unavailable' || now() > fresh + GRACE_MS) throw error
      return session
    }
  }

  return {
    issuer: new URL(settings.issuer).origin,
    async begin(c, next) {
      const { url, pending } = await client.begin(pathOf(next, publicUrl))
      await logins.write(c, pending, LOGIN_S)
      return url
    },
    async finish(c, query) {
      const pending = await logins.read(c)
      logins.clear(c)
      if (!pending) throw new SlipwayError('BadRequest', 'no login was begun in this browser, or it took too long')
      const about = person(await client.finish(query, pending))
      await keep(c, { ...about, csrf: newFormToken(), end: now() + SESSION_S * 1_000 })
      return pending.next
    },
    async find(c) {
      const session = await sessions.read(c)
      if (!session) return null
      const found = await renewed(c, session)
      if (found) return known(found)
      sessions.clear(c)
      return null
    },
    async end(c) {
      const session = await sessions.read(c)
      sessions.clear(c)
      if (session?.refresh !== undefined) refreshing.delete(session.refresh)
      return await client.end(session?.refresh)
    },
    async forgery(c, { csrf }) {
      const site = c.req.header('sec-fetch-site')
      if (site !== undefined && site !== 'same-origin') return 'site'
      const origin = c.req.header('origin')
      if (origin !== undefined && origin !== publicUrl.origin) return 'site'
      const form = /^(application\/x-www-form-urlencoded|multipart\/form-data)/.test(c.req.header('content-type') ?? '')
      const given = c.req.header('x-csrf-token') ?? (form ? (await c.req.parseBody()).csrf : undefined)
      return typeof given === 'string' && isSameToken(given, csrf) ? null : 'token'
    },
  }
}

/** A path on this service; `/` for anything else, and for one that no cookie can keep. */
function pathOf(next: string, publicUrl: URL): string {
  try {
    const url = new URL(next, publicUrl)
    return next.length <= LONGEST_NEXT && next.startsWith('/') && url.origin === publicUrl.origin
      ? `${url.pathname}${url.search}`
      : '/'
  } catch {
    return '/'
  }
}
