import { fileURLToPath } from 'node:url'
import type { DataConverter } from '@temporalio/common'
import { createPayloadCodec } from './payload-codec.js'
import { followPayloadKeys } from './payload-keys.js'

const FAILURES = fileURLToPath(new URL('./encoded-failures.cjs', import.meta.url))

/**
 * For clients and workers; undefined where nothing is encrypted.
 * @throws SlipwayError BadRequest naming the file of SLIPWAY_PAYLOAD_KEYS and what is wrong with it
 */
export function dataConverterOfEnvironment(
  env: Readonly<Record<string, string | undefined>> = process.env,
  onProblem: (text: string) => void = () => {},
): DataConverter | undefined {
  const path = env.SLIPWAY_PAYLOAD_KEYS
  if (!path) return undefined
  return { payloadCodecs: [createPayloadCodec(followPayloadKeys(path, onProblem))], failureConverterPath: FAILURES }
}
