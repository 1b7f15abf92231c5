/** A real OpenID provider on this machine. Any login name is an account; its group is in `GROUPS`. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import Provider, { type Configuration } from 'oidc-provider'

export const AUDIENCE = 'urn:slipway'
export const CLIENT_SECRET = 'secret-of-every-client'

/** Groups of each account. Machines have a client of the same name, people log in. */
export const GROUPS: Readonly<Record<string, readonly string[]>> = {
  ana: ['operators'],
  bo: ['reviewers'],
  cy: ['toy-operators'],
  dan: [],
}

export interface Issuer {
  readonly url: string
  /** An access token of the client with this name. */
  token(name: string, audience?: string): Promise<string>
  /** The provider signs with another key from now on, and publishes only that. */
  rotateKeys(): Promise<void>
  stop(): Promise<void>
  /** At the same address. */
  start(): Promise<void>
}

async function signingKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  return { ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: crypto.randomUUID() }
}

/** @param redirectUris of the client `console`, with which people log in in a browser */
export async function startIssuer({ redirectUris = [] as string[] } = {}): Promise<Issuer> {
  let server: Server | undefined
  let port = 0
  let key = await signingKey()
  const url = () => `http://127.0.0.1:${port}`
  const stop = async () => {
    const stopping = server
    server = undefined
    if (!stopping) return
    stopping.closeAllConnections()
    stopping.close()
    await once(stopping, 'close')
  }
  const start = async () => {
    let answer: ReturnType<Provider['callback']> | undefined
    server = createServer((request, response) => void answer?.(request, response)).listen(port, '127.0.0.1')
    await once(server, 'listening')
    port = (server.address() as AddressInfo).port
    answer = new Provider(url(), configurationOf(key, redirectUris)).callback()
  }
  await start()
  return {
    get url() {
      return url()
    },
    stop,
    start,
    async rotateKeys() {
      await stop()
      key = await signingKey()
      await start()
    },
    async token(name, audience = AUDIENCE) {
      const body = new URLSearchParams({ grant_type: 'client_credentials', resource: audience, scope: 'use' })
      const basic = Buffer.from(`${name}:${CLIENT_SECRET}`).toString('base64')
      const response = await fetch(`${url()}/token`, {
        method: 'POST',
        body,
        headers: { authorization: `Basic ${basic}` },
      })
      const answer = (await response.json()) as { access_token?: string }
      if (answer.access_token === undefined) throw new Error(`no token: ${JSON.stringify(answer)}`)
      return answer.access_token
    },
  }
}

function configurationOf(key: JWK, redirectUris: string[]): Configuration {
  const machine = {
    client_secret: CLIENT_SECRET,
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
  }
  return {
    jwks: { keys: [key] },
    cookies: { keys: ['a key of this test'] },
    clients: [
      ...Object.keys(GROUPS).map((name) => ({ client_id: name, ...machine })),
      ...(redirectUris.length === 0
        ? []
        : [
            {
              client_id: 'console',
              client_secret: CLIENT_SECRET,
              grant_types: ['authorization_code', 'refresh_token'],
              redirect_uris: redirectUris,
              response_types: ['code' as const],
            },
          ]),
    ],
    claims: { openid: ['sub'], groups: ['groups'] },
    scopes: ['openid', 'offline_access', 'groups'],
    conformIdTokenClaims: false,
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, groups: [...(GROUPS[id] ?? [])] }) }),
    extraTokenClaims: (_context, token) => ({ groups: [...(GROUPS[token.clientId ?? ''] ?? [])] }),
    features: {
      devInteractions: { enabled: true },
      clientCredentials: { enabled: true },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context, audience) => ({ scope: 'use', audience, accessTokenFormat: 'jwt' }),
      },
    },
  }
}
