import { createHmac } from 'node:crypto'

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text)

/**
 * `webhook-signature` of Standard Webhooks (https://www.standardwebhooks.com). A secret that begins with `whsec_` is
 * base64 after that, as they say; of any other the bytes are the key, which their libraries call the format `raw`.
 */
export function standardSignature(
  { id, seconds, body }: { readonly id: string; readonly seconds: number; readonly body: string },
  secret: string,
): string {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : secret
  return `v1,${hmac(key, `${id}.${seconds}.${body}`).digest('base64')}`
}

/**
 * `slipway-signature: t=<epoch s>,v1=<hex>`, v1 = HMAC-SHA256(secret, `<t>.<body>`).
 * @param seconds epoch seconds
 */
export function signature(body: string, secret: string, seconds: number): string {
  return `t=${seconds},v1=${hmac(secret, `${seconds}.${body}`).digest('hex')}`
}
