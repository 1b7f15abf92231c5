import { createHash } from 'node:crypto'

/**
 * JSON with sorted keys and no spaces: the text that is hashed. Numbers as JavaScript prints them (shortest round
 * trip).
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner === 'number' && !Number.isFinite(inner)) throw new RangeError(`${inner} cannot be recorded`)
    if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) return inner
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
  })
}

export const sha256 = (bytes: string | Uint8Array): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`

/** The address of a manifest: sha256 of its canonical JSON. */
export const digestOf = (value: unknown): string => sha256(canonicalJson(value))
