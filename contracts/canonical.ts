import { createHash } from 'node:crypto'

/**
 * JSON with sorted keys and no spaces: the text that is hashed. Numbers as JavaScript prints them (shortest round
 * trip).
 */
export function canonicalJson(value: unknown): string {
  return plainJson(value) ?? sortedJson(value)
}

/** For every value, and slow: `JSON.stringify` calls a function for each part of it. */
function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner === 'number' && !Number.isFinite(inner)) throw new RangeError(`${inner} cannot be recorded`)
    if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) return inner
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
  })
}

/**
 * The same text for what `JSON.parse` returns, several times as fast: every decision is hashed.
 * @returns undefined for anything else, and for names of fields that JavaScript keeps in numeric order
 */
function plainJson(value: unknown): string | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value)
  if (typeof value === 'number') return Number.isFinite(value) ? JSON.stringify(value) : undefined
  if (typeof value !== 'object') return undefined
  const prototype: unknown = Object.getPrototypeOf(value)
  if (Array.isArray(value)) return prototype === Array.prototype ? plainArray(value) : undefined
  return prototype === Object.prototype && !('toJSON' in value) ? plainObject(value) : undefined
}

function plainArray(items: readonly unknown[]): string | undefined {
  const texts: string[] = []
  for (const item of items) {
    const text = plainJson(item)
    if (text === undefined) return undefined
    texts.push(text)
  }
  return `[${texts.join(',')}]`
}

const IN_NUMERIC_ORDER = /^\d/

function plainObject(fields: object): string | undefined {
  const texts: string[] = []
  for (const name of Object.keys(fields).sort()) {
    const text = IN_NUMERIC_ORDER.test(name) ? undefined : plainJson((fields as Record<string, unknown>)[name])
    if (text === undefined) return undefined
    texts.push(`${JSON.stringify(name)}:${text}`)
  }
  return `{${texts.join(',')}}`
}

export const sha256 = (bytes: string | Uint8Array): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`

/** The address of a manifest: sha256 of its canonical JSON. */
export const digestOf = (value: unknown): string => sha256(canonicalJson(value))
