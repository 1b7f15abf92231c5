/** Who sends a request: by a token of the file, a bearer token of the issuer, or a session in a browser. */
import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context } from 'hono'
import type { VerifyBearer } from '../identity/bearer.js'
import type { Forgery, Sessions } from '../session/sessions.js'
import { type Caller, findCaller, type Token } from './tokens.js'

export interface Identities {
  /** If empty, and there is no issuer, any client on this machine may do everything except force an arm. */
  readonly tokens: readonly Token[]
  /** Verifies bearer tokens of an OpenID issuer; absent if none is configured. */
  readonly verifyBearer?: VerifyBearer | undefined
  /** Sessions of people in browsers; absent if no login is configured. */
  readonly sessions?: Sessions | undefined
}

export interface Identified {
  readonly caller: Caller | null
  /** The token of forms, where the caller is known by a session. */
  readonly csrf: string | null
  /** Why a credential was refused. */
  readonly refused: string | null
  /** The request changes something, and comes from another site, or has not the token of the session's pages. */
  readonly forged: Forgery | null
}

/** Three parts in base64url. */
const JWT = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])
const UNKNOWN: Identified = { caller: null, csrf: null, refused: null, forged: null }

export const isOpen = ({ tokens, verifyBearer }: Identities): boolean => tokens.length === 0 && !verifyBearer

/** @throws SlipwayError Unavailable if the issuer is needed and cannot be asked */
export async function identify({ tokens, verifyBearer, sessions }: Identities, c: Context): Promise<Identified> {
  const header = c.req.header('authorization')
  if (header !== undefined) {
    const caller = findCaller(tokens, header)
    if (caller) return { ...UNKNOWN, caller }
    const [, token] = (verifyBearer && JWT.exec(header)) ?? []
    if (token === undefined || !verifyBearer) return { ...UNKNOWN, refused: 'the token is unknown' }
    const found = await verifyBearer(token)
    return typeof found === 'string' ? { ...UNKNOWN, refused: found } : { ...UNKNOWN, caller: found }
  }
  const known = sessions ? await sessions.find(c) : null
  if (!sessions || !known) return UNKNOWN
  const forged = SAFE.has(c.req.method) ? null : await sessions.forgery(c, known)
  return { ...UNKNOWN, ...known, forged }
}

export const addressOf = (c: Context): string => getConnInfo(c).remote.address ?? 'unknown'
