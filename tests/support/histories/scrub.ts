/** Removes names, paths and stack traces of the machine on which a history was recorded. */
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url)).replace(/\/$/, '')

const clean = (text: string): string => text.replaceAll(ROOT, '/slipway').replaceAll(tmpdir(), '/temporary')

/** @param json of a history as Temporal writes it, parsed; payloads are base64 of JSON */
export function scrub(json: unknown, key = ''): unknown {
  if (Array.isArray(json)) return json.map((item) => scrub(item))
  if (typeof json === 'object' && json !== null) {
    return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, scrub(value, name)]))
  }
  if (typeof json !== 'string') return json
  if (key === 'identity') return 'slipway'
  // A worker's own queue is named after its process and its machine.
  if (key === 'name' && /^\d+@/.test(json)) return 'slipway-sticky'
  if (key === 'stackTrace') return ''
  if (key === 'data') return Buffer.from(clean(Buffer.from(json, 'base64').toString('utf8'))).toString('base64')
  return clean(json)
}
