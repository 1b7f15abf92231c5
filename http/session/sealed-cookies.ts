/** Cookies that only this service can read or make: encrypted and authenticated, each for one purpose, with an end. */
import { hkdfSync } from 'node:crypto'
import type { Context } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { EncryptJWT, errors, jwtDecrypt } from 'jose'

export interface SealedCookie<Content> {
  read(c: Context): Promise<Content | null>
  write(c: Context, content: Content, seconds: number): Promise<void>
  clear(c: Context): void
}

export interface CookieOptions {
  /** Names the cookie; the content of one purpose is none of another. */
  readonly purpose: string
  readonly secret: string
  /** The service is reached over TLS: the cookie is sent over TLS only, and to this host only. */
  readonly secure: boolean
}

export function sealedCookie<Content extends object>({
  purpose,
  secret,
  secure,
}: CookieOptions): SealedCookie<Content> {
  const key = new Uint8Array(hkdfSync('sha256', secret, '', `slipway.cookie/1 ${purpose}`, 32))
  const name = `${secure ? '__Host-' : ''}slipway_${purpose}`
  // Lax: the issuer's redirect back to this service must carry it. Forms are protected by a token of their own.
  const attributes = { httpOnly: true, sameSite: 'Lax', secure, path: '/' } as const
  return {
    async read(c) {
      const text = getCookie(c, name)
      if (text === undefined) return null
      try {
        const { payload } = await jwtDecrypt<{ content: Content }>(text, key, { requiredClaims: ['exp'] })
        return payload.content
      } catch (error) {
        if (error instanceof errors.JOSEError) return null
        throw error
      }
    },
    async write(c, content, seconds) {
      const sealed = new EncryptJWT({ content }).setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      const text = await sealed.setExpirationTime(`${seconds} s`).encrypt(key)
      setCookie(c, name, text, { ...attributes, maxAge: seconds })
    },
    clear: (c) => void deleteCookie(c, name, attributes),
  }
}
