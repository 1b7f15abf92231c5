/** Who may do what: tokens with roles, kept as sha256, compared in constant time. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import { SlipwayError } from '../../contracts/failure.js'

/** `operate` may do everything; the others what they say. */
export const ROLES = ['decide', 'label', 'read', 'operate'] as const
export type Role = (typeof ROLES)[number]

const token = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9._-]{1,60}$/, 'must be letters, digits, dots and dashes, at most 60'),
  roles: z.array(z.enum(ROLES)).min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be the 64 hex digits of a sha256'),
})
export type Token = z.infer<typeof token>

const hash = (secret: string): Buffer => createHash('sha256').update(secret).digest()

/** A new secret, shown once, and what is kept of it. 256 random bits need no salt and no slow hash. */
export function newToken(name: string, roles: readonly Role[]): { secret: string; token: Token } {
  const secret = `slw_${randomBytes(32).toString('base64url')}`
  return { secret, token: token.parse({ name, roles: [...roles], sha256: hash(secret).toString('hex') }) }
}

/** @throws SlipwayError BadRequest naming file and field; a missing file is no tokens */
export function readTokens(file: string): Token[] {
  if (!existsSync(file)) return []
  try {
    return z.array(token).parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    const problem =
      error instanceof z.ZodError ? `${error.issues[0]?.path.join('.')}: ${error.issues[0]?.message}` : String(error)
    throw new SlipwayError('BadRequest', `token file ${file}: ${problem}; make tokens with: slipway token new`)
  }
}

export interface Caller {
  readonly name: string
  may(role: Role): boolean
}

/** Every token is compared, so that the time taken tells nothing of which one nearly fitted. */
export function findCaller(tokens: readonly Token[], header: string | undefined): Caller | null {
  const [, secret] = /^Bearer (\S{1,200})$/.exec(header ?? '') ?? []
  if (secret === undefined) return null
  const given = hash(secret)
  let found: Token | null = null
  for (const one of tokens) if (timingSafeEqual(given, Buffer.from(one.sha256, 'hex'))) found = one
  if (!found) return null
  const { name, roles } = found
  return { name, may: (role) => roles.includes('operate') || roles.includes(role) }
}

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost'])

/** @throws SlipwayError BadRequest: an address that others reach needs tokens */
export function requireSafeBinding(host: string, tokens: readonly Token[]): void {
  if (LOOPBACK.has(host) || tokens.length > 0) return
  throw new SlipwayError(
    'BadRequest',
    `the decision service would listen on ${host} without any token; make one with: slipway token new NAME --role decide (or leave SLIPWAY_BIND at 127.0.0.1)`,
  )
}
