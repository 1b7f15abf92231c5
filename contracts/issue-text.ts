/** One problem of a value in words: where it is, what is there, and what is expected. Zod-free. */
import { recordable } from './recordable-text.js'

/** In characters of the value that is wrong. */
const LONGEST = 100

interface Issue {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

/** @returns for example `label.usable is 2: must be 0 or 1`; of the whole without a name only what is expected */
export function issueText(name: string, value: unknown, { path, message }: Issue): string {
  const place = [...(name === '' ? [] : [name]), ...path].join('.')
  return place === '' ? message : `${place} is ${shownValue(valueAt(value, path))}: ${message}`
}

/** In few characters. JSON has no text for an infinite number, such as 1e999. */
export function shownValue(value: unknown): string {
  if (value === undefined) return 'missing'
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value)
  return text.length <= LONGEST ? text : `${recordable(text.slice(0, LONGEST))}…`
}

/** What is at a path of a value; undefined where there is nothing. */
export const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined), value)
