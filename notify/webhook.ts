/**
 * POSTs a notice as JSON, signed as Standard Webhooks say (headers `webhook-id`, `webhook-timestamp` and
 * `webhook-signature`), and as earlier builds did. With the signature the receiver verifies the sender and refuses a
 * replayed request; by the id it recognises a repeated notice.
 */
import { SlipwayError } from '../contracts/failure.js'
import { webhookName } from '../registry/index.js'
import type { Receiver } from './notifier.js'
import { signature, standardSignature } from './signatures.js'

const ANSWER_WITHIN_MS = 10_000
/** The request came too early, too slowly or too often: the same notice may be accepted later. */
const LATER = new Set([408, 425, 429])

/** @throws SlipwayError BadRequest when the address is not http(s) or the secret is missing */
export function webhook(address: string, secret: string | undefined, now: () => number): Receiver {
  const { url, authorization } = destination(address)
  if (!secret) {
    throw new SlipwayError('BadRequest', 'SLIPWAY_WEBHOOK_SECRET is not set; webhook notices are signed with it')
  }
  return {
    name: webhookName(address),
    async deliver(notice) {
      const body = JSON.stringify(notice)
      const seconds = Math.floor(now() / 1_000)
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'webhook-id': notice.id,
          'webhook-timestamp': String(seconds),
          'webhook-signature': standardSignature({ id: notice.id, seconds, body }, secret),
          'slipway-notice': notice.id,
          'slipway-signature': signature(body, secret, seconds),
          ...authorization,
        },
        body,
        // A page to log in, for example, would answer the next request with 200.
        redirect: 'manual',
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      })
      await response.body?.cancel()
      const { ok, status } = response
      if (ok) return
      if (status >= 300 && status < 400)
        throw new SlipwayError(
          'Unavailable',
          `it redirects with ${status}; SLIPWAY_WEBHOOK_URL must name the last address`,
        )
      const final = status >= 400 && status < 500 && !LATER.has(status)
      throw new SlipwayError(final ? 'BadRequest' : 'Unavailable', `it answers ${status}`)
    },
  }
}

/** No message contains the address: it often holds a token. */
function destination(address: string): { url: string; authorization: Record<string, string> } {
  const url = URL.canParse(address) ? new URL(address) : null
  if (url === null || !/^https?:$/.test(url.protocol)) {
    const given = url === null ? 'is not an address' : `begins with "${url.protocol}"`
    throw new SlipwayError('BadRequest', `SLIPWAY_WEBHOOK_URL ${given}; write it as https://host/path`)
  }
  const { username, password } = url
  if (!username && !password) return { url: address, authorization: {} }
  // `fetch` refuses an address with them, and names them in its error.
  url.username = ''
  url.password = ''
  const pair = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`)
  return { url: url.href, authorization: { authorization: `Basic ${pair.toString('base64')}` } }
}
