/** Bearer tokens of an OpenID issuer, verified with its published keys; a new key is fetched when a token names it. */
import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { errorText } from '../../contracts/error-text.js'
import { SlipwayError } from '../../contracts/failure.js'
import type { Caller } from '../access/tokens.js'
import { personOf } from './person.js'
import type { IdentitySettings } from './settings.js'

/** Signed by the issuer's private key; never with a shared secret, and never unsigned. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']
const ANSWER_WITHIN_MS = 5_000
const CLOCK_SKEW = '60 s'

/** @returns the caller, or why the token is refused @throws SlipwayError Unavailable if the issuer cannot be asked */
export type VerifyBearer = (token: string) => Promise<Caller | string>

/** @param cooldownMs between two requests for keys that are not known */
export function createBearerVerifier(settings: IdentitySettings, { cooldownMs = 30_000 } = {}): VerifyBearer {
  const { issuer, audience } = settings
  let keys: Promise<JWTVerifyGetKey> | undefined
  const discover = async (): Promise<JWTVerifyGetKey> => {
    const uri = await keysUri(issuer)
    return createRemoteJWKSet(uri, { cooldownDuration: cooldownMs, timeoutDuration: ANSWER_WITHIN_MS })
  }
  const away = (error: unknown) =>
    new SlipwayError('Unavailable', `the issuer ${issuer} cannot be asked for its keys: ${errorText(error)}`)
  return async (token) => {
    // Kept while later requests fail: what was signed with a known key is still verified.
    keys ??= discover()
    const key = await keys.catch((error: unknown) => {
      keys = undefined
      throw away(error)
    })
    try {
      const options = { issuer, audience, algorithms: ALGORITHMS, clockTolerance: CLOCK_SKEW, requiredClaims: ['exp'] }
      const { payload } = await jwtVerify(token, key, options)
      return personOf(settings, payload)
    } catch (error) {
      if (error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout) && !isAnswer(error))
        return `the token is refused: ${error.message}`
      throw away(error)
    }
  }
}

/** The key server answered with something else than keys. */
const isAnswer = (error: Error): boolean => error.constructor === errors.JOSEError

async function keysUri(issuer: string): Promise<URL> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS), redirect: 'error' })
  if (!response.ok) throw new Error(`${url} answered with status ${response.status}`)
  const { jwks_uri: uri, issuer: named } = (await response.json()) as { jwks_uri?: unknown; issuer?: unknown }
  if (named !== issuer) throw new Error(`${url} names the issuer ${String(named)}`)
  if (typeof uri !== 'string') throw new Error(`${url} has no jwks_uri`)
  return new URL(uri)
}
