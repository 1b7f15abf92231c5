/** The OpenID client: authorisation code with PKCE, refresh and revocation. Loaded when a login begins. */
import type { TokenEndpointResponse, TokenEndpointResponseHelpers } from 'openid-client'
import { errorText } from '../../contracts/error-text.js'
import { SlipwayError } from '../../contracts/failure.js'
import type { Claims } from '../identity/person.js'
import type { IdentitySettings } from '../identity/settings.js'

/** What a login needs again when the issuer sends the browser back. */
export interface PendingLogin {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
  /** Path on this service. */
  readonly next: string
}

export interface Tokens {
  readonly claims: Claims
  readonly refresh?: string | undefined
  /** Seconds until the claims should be asked for again. */
  readonly seconds: number
}

export interface LoginClient {
  begin(next: string): Promise<{ url: URL; pending: PendingLogin }>
  /** @throws SlipwayError BadRequest if the issuer refuses it, or the answer is not that of this login */
  finish(query: string, pending: PendingLogin): Promise<Tokens>
  /** Null if the issuer has ended the session. */
  refresh(token: string): Promise<Tokens | null>
  /** Ends the session at the issuer as far as it can. @returns where the browser logs out there; null for nowhere */
  end(token: string | undefined): Promise<URL | null>
}

const ANSWER_WITHIN_S = 5
/** Groups may change at the issuer. */
const LONGEST_S = 15 * 60

export function createLoginClient(settings: IdentitySettings, clientSecret: string | undefined): LoginClient {
  const { issuer, login } = settings
  if (!login) throw new RangeError('the settings have no login')
  const redirectUri = new URL('/callback', login.publicUrl).href
  const load = async () => {
    const client = await import('openid-client')
    const authentication = clientSecret === undefined ? client.None() : client.ClientSecretBasic(clientSecret)
    const execute = issuer.startsWith('http:') ? [client.allowInsecureRequests] : []
    const options = { execute, timeout: ANSWER_WITHIN_S }
    return {
      client,
      configuration: await client.discovery(new URL(issuer), login.clientId, undefined, authentication, options),
    }
  }
  let loading: ReturnType<typeof load> | undefined
  const ready = async () => {
    loading ??= load()
    return loading.catch((error: unknown) => {
      loading = undefined
      throw new SlipwayError('Unavailable', `the issuer ${issuer} cannot be reached: ${errorText(error)}`)
    })
  }
  const tokensOf = (answer: TokenEndpointResponse & Pick<TokenEndpointResponseHelpers, 'claims'>): Tokens | null => {
    const claims = answer.claims()
    if (!claims) return null
    const seconds = Math.min(LONGEST_S, answer.expires_in ?? LONGEST_S)
    return { claims, refresh: answer.refresh_token, seconds }
  }
  return {
    async begin(next) {
      const { client, configuration } = await ready()
      const pending = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier(),
        next,
      }
      const url = client.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: login.scope,
        state: pending.state,
        nonce: pending.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(pending.verifier),
        code_challenge_method: 'S256',
        ...(login.prompt === undefined ? {} : { prompt: login.prompt }),
      })
      return { url, pending }
    },
    async finish(query, { state, nonce, verifier }) {
      const { client, configuration } = await ready()
      const url = new URL(redirectUri)
      url.search = query
      const checks = {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      } as const
      try {
        const tokens = tokensOf(await client.authorizationCodeGrant(configuration, url, checks))
        if (tokens) return tokens
      } catch (error) {
        if (isAway(error)) throw new SlipwayError('Unavailable', `the issuer did not answer: ${errorText(error)}`)
        throw new SlipwayError('BadRequest', `the login was not completed: ${errorText(error)}`, { cause: error })
      }
      throw new SlipwayError('BadRequest', 'the login was not completed: the issuer sent no ID token')
    },
    async refresh(token) {
      const { client, configuration } = await ready()
      try {
        const answer = await client.refreshTokenGrant(configuration, token)
        const tokens = tokensOf(answer)
        return tokens && { ...tokens, refresh: tokens.refresh ?? token }
      } catch (error) {
        if (!isAway(error)) return null
        throw new SlipwayError('Unavailable', `the issuer did not answer: ${errorText(error)}`)
      }
    },
    async end(token) {
      const { client, configuration } = await ready()
      const { revocation_endpoint: revokes, end_session_endpoint: ends } = configuration.serverMetadata()
      // The cookie is gone all the same.
      if (token !== undefined && revokes) await client.tokenRevocation(configuration, token).catch(() => {})
      const home = new URL('/', login.publicUrl).href
      return ends ? client.buildEndSessionUrl(configuration, { post_logout_redirect_uri: home }) : null
    },
  }
}

/** The request failed, or the issuer did: anything else is an answer. */
function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { status, code } = error as { status?: unknown; code?: unknown }
  if (typeof status === 'number') return status >= 500
  return error instanceof TypeError || error.name === 'TimeoutError' || code === 'OAUTH_TIMEOUT'
}
