/** Access tokens with roles: stored as SHA-256 hashes, compared in constant time. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { lstatSync } from 'node:fs'
import { z } from 'zod'
import { SlipwayError } from '../../contracts/failure.js'
import { readNamedFile } from '../../contracts/named-file.js'
import { jsonOf } from '../../contracts/utf8.js'
import { LOOPBACK } from './loopback.js'

/** `operate` allows everything; each other role allows only what its name says. */
export const ROLES = ['decide', 'label', 'read', 'operate', 'approve'] as const
export type Role = (typeof ROLES)[number]

const token = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9._-]{1,60}$/, 'must be 1 to 60 letters, digits, dots, underscores or dashes'),
  roles: z.array(z.enum(ROLES)).min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be the 64 hex digits of a SHA-256'),
})
export type Token = z.infer<typeof token>

const hash = (secret: string): Buffer => createHash('sha256').update(secret).digest()

/** A new secret, and the token stored for it. A secret of 256 random bits needs no salt and no slow hash. */
export function newToken(name: string, roles: readonly Role[]): { secret: string; token: Token } {
  const secret = `slw_${randomBytes(32).toString('base64url')}`
  return { secret, token: token.parse({ name, roles: [...roles], sha256: hash(secret).toString('hex') }) }
}

/** An empty list if the file does not exist. @throws SlipwayError BadRequest naming file and field */
export function readTokens(file: string): Token[] {
  // A link that leads nowhere, or a folder that may not be read, is not the absence of tokens.
  if (isAbsent(file)) return []
  const bytes = readNamedFile(file, 'token file', 'create tokens with: slipway token new')
  try {
    return z.array(token).parse(jsonOf(bytes))
  } catch (error) {
    const problem =
      error instanceof z.ZodError ? `${error.issues[0]?.path.join('.')}: ${error.issues[0]?.message}` : String(error)
    throw new SlipwayError('BadRequest', `token file ${file}: ${problem}; create tokens with: slipway token new`)
  }
}

function isAbsent(file: string): boolean {
  try {
    return lstatSync(file, { throwIfNoEntry: false }) === undefined
  } catch {
    return false
  }
}

export interface Caller {
  readonly name: string
  /** `person`: an issuer has proven the name. `token`: a token of the file. */
  readonly kind: 'person' | 'token'
  /** @param project absent for what belongs to no project, or to all */
  may(role: Role, project?: string): boolean
}

/** Compares every token, so that the time taken does not reveal which token nearly matched. */
export function findCaller(tokens: readonly Token[], header: string | undefined): Caller | null {
  const [, secret] = /^Bearer (\S{1,200})$/.exec(header ?? '') ?? []
  if (secret === undefined) return null
  const given = hash(secret)
  let found: Token | null = null
  for (const one of tokens) if (timingSafeEqual(given, Buffer.from(one.sha256, 'hex'))) found = one
  if (!found) return null
  const { name, roles } = found
  return { name, kind: 'token', may: (role) => roles.includes('operate') || roles.includes(role) }
}

/** @throws SlipwayError BadRequest if the address can be reached from other machines and there are no tokens */
export function requireSafeBinding(host: string, tokens: readonly Token[], hasIssuer = false): void {
  if (LOOPBACK.has(host) || tokens.length > 0 || hasIssuer) return
  throw new SlipwayError(
    'BadRequest',
    `the decision service would listen on ${host} without any token; create one with: slipway token new NAME --role decide (or set SLIPWAY_BIND to 127.0.0.1)`,
  )
}
