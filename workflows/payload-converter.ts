/** Part of the workflow bundle: the SDK decodes everything that reaches a workflow with `payloadConverter`. */
import { DefaultPayloadConverter } from '@temporalio/common'
import { decode } from '@temporalio/common/lib/encoding.js'
import { DECRYPTED } from '../contracts/names.js'
import { undecodable } from '../contracts/undecodable.js'

let decrypted = false

/** Whether a payload of this workflow was encrypted: its codec marks what it has decrypted. */
export const isDecrypted = (): boolean => decrypted

class TolerantPayloadConverter extends DefaultPayloadConverter {
  override fromPayload<T>(...sent: Parameters<DefaultPayloadConverter['fromPayload']>): T {
    const [payload] = sent
    if (payload.metadata?.[DECRYPTED]) decrypted = true
    try {
      return super.fromPayload(...sent) as T
    } catch (error) {
      const encoding = payload.metadata?.encoding
      return undecodable(encoding ? decode(encoding) : 'unknown', error) as T
    }
  }
}

export const payloadConverter = new TolerantPayloadConverter()
