import type { MiddlewareHandler } from 'hono'
import { recordable } from '../contracts/recordable-text.js'
import { problem } from './problems.js'

/**
 * Ids in paths and queries are looked up in the registry, which refuses the same characters as in bodies: a NUL in an
 * address would be a fault of the service otherwise.
 */
export const storableAddress: MiddlewareHandler = async (c, next) => {
  const texts = [c.req.path, ...Object.values(c.req.queries()).flat(), ...Object.keys(c.req.queries())].map(decoded)
  if (texts.every((text) => text === recordable(text))) return next()
  return problem(c, 400, 'the address must not contain a NUL or half of a surrogate pair')
}

/** What is no percent encoding stays as it is, as in the routes. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
