/**
 * Encrypts what Temporal stores: arguments, results, signals, memo, summaries and, with `encoded-failures.cjs`,
 * messages of failures. AES-256-GCM; each payload names its key, so that keys can be rotated.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { Payload, PayloadCodec } from '@temporalio/common'
import proto from '@temporalio/proto'
import { DECRYPTED } from '../../contracts/names.js'
import type { FollowedKeys, PayloadKeys } from './payload-keys.js'

const CIPHER = 'aes-256-gcm'
const ENCODING = 'binary/encrypted'
const NONCE_BYTES = 12
const TAG_BYTES = 16
const message = proto.temporal.api.common.v1.Payload

export const createPayloadCodec = (keys: FollowedKeys): PayloadCodec => ({
  encode: async (payloads) => payloads.map((payload) => encrypted(payload, keys().active)),
  decode: async (payloads) => payloads.map((payload) => decrypted(payload, keys)),
})

const textOf = (bytes: Uint8Array | null | undefined): string => (bytes ? Buffer.from(bytes).toString('utf8') : '')

function encrypted(payload: Payload, { id, key }: PayloadKeys['active']): Payload {
  const { [DECRYPTED]: _, ...metadata } = payload.metadata ?? {}
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(CIPHER, key, nonce)
  // The key's id cannot be exchanged: it is authenticated with the data.
  cipher.setAAD(Buffer.from(id))
  const plain = message.encode({ ...payload, metadata }).finish()
  const data = Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
  return { metadata: { encoding: Buffer.from(ENCODING), 'encryption-key-id': Buffer.from(id) }, data }
}

/**
 * What cannot be decrypted stays as it is: the payload converter makes a marker of it, which is refused and recorded.
 */
function decrypted(payload: Payload, keys: FollowedKeys): Payload {
  const { metadata, data } = payload
  if (textOf(metadata?.encoding) !== ENCODING || !data) return payload
  const id = textOf(metadata?.['encryption-key-id'])
  const key = keys().all.get(id) ?? keys(id).all.get(id)
  if (!key || data.length < NONCE_BYTES + TAG_BYTES) return payload
  try {
    const decipher = createDecipheriv(CIPHER, key, data.subarray(0, NONCE_BYTES))
    decipher.setAAD(Buffer.from(id))
    decipher.setAuthTag(data.subarray(-TAG_BYTES))
    const plain = Buffer.concat([decipher.update(data.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()])
    const inner = message.decode(plain)
    return { metadata: { ...inner.metadata, [DECRYPTED]: Buffer.from('1') }, data: inner.data }
  } catch {
    return payload
  }
}
