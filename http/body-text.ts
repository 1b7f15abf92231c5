import type { MiddlewareHandler } from 'hono'
import { errorText } from '../contracts/error-text.js'
import { refuseDeepJson } from '../contracts/json-text.js'
import { textOf } from '../contracts/utf8.js'
import { type Identities, isOpen } from './access/identify.js'
import type { Variables } from './guard.js'
import { problem } from './problems.js'

/**
 * Decodes JSON bodies for all routes. The server's own decoder replaces bytes that are not UTF-8, which would turn two
 * entity keys in latin-1 into one. What is nested too deeply is refused before any route parses it.
 */
export function bodyText(identities: Identities): MiddlewareHandler<{ Variables: Variables }> {
  const open = isOpen(identities)
  return async (c, next) => {
    const isJson = (c.req.header('content-type') ?? '').includes('json')
    // Nothing is read for a caller who will be refused.
    const isRefused = !open && c.get('caller') === null
    if (!isJson || isRefused || c.req.method === 'GET' || c.req.method === 'HEAD') return next()
    try {
      const bytes = new Uint8Array(await c.req.raw.arrayBuffer())
      const text = textOf(bytes)
      refuseDeepJson(text)
      Object.assign(c.req.bodyCache, { text: Promise.resolve(text) })
    } catch (error) {
      const why = error instanceof SyntaxError ? error.message : `it cannot be read: ${errorText(error)}`
      return problem(c, 400, `the body must be JSON in UTF-8: ${why}`)
    }
    return next()
  }
}
