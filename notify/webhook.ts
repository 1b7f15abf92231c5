/**
 * POSTs a notice as JSON. `slipway-signature: t=<epoch s>,v1=<hex>`, v1 = HMAC-SHA256(secret, `<t>.<body>`): with it
 * the receiver verifies the sender and refuses a replayed request. `slipway-notice` is the id by which it recognises a
 * repeated notice.
 */
import { createHmac } from 'node:crypto'
import { SlipwayError } from '../contracts/failure.js'
import type { Receiver } from './notifier.js'

const ANSWER_WITHIN_MS = 10_000

/** @throws SlipwayError BadRequest when the address is not http(s) or the secret is missing */
export function webhook(address: string, secret: string | undefined, now: () => number): Receiver {
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) {
    throw new SlipwayError('BadRequest', `SLIPWAY_WEBHOOK_URL is "${address}"; write it as https://host/path`)
  }
  if (!secret) {
    throw new SlipwayError('BadRequest', 'SLIPWAY_WEBHOOK_SECRET is not set; webhook notices are signed with it')
  }
  return {
    name: `webhook ${address}`,
    async deliver(notice) {
      const body = JSON.stringify(notice)
      const response = await fetch(address, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'slipway-notice': notice.id,
          'slipway-signature': signature(body, secret, Math.floor(now() / 1_000)),
        },
        body,
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      })
      await response.body?.cancel()
      if (!response.ok) throw new SlipwayError('Unavailable', `it answers ${response.status}`)
    },
  }
}

/** @param seconds epoch seconds */
export function signature(body: string, secret: string, seconds: number): string {
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`
}
