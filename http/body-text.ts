import type { MiddlewareHandler } from 'hono'
import { errorText } from '../contracts/error-text.js'
import { textOf } from '../contracts/utf8.js'
import type { Access, Variables } from './guard.js'
import { problem } from './problems.js'

/**
 * Decodes request bodies for all routes. The server's own decoder replaces bytes that are not UTF-8, which would turn
 * two entity keys in latin-1 into one.
 */
export function bodyText({ tokens }: Pick<Access, 'tokens'>): MiddlewareHandler<{ Variables: Variables }> {
  return async (c, next) => {
    const { method } = c.req
    // Nothing is read for a caller who will be refused.
    const isRefused = tokens.length > 0 && c.get('caller') === null
    if (method === 'GET' || method === 'HEAD' || isRefused) return next()
    try {
      const bytes = new Uint8Array(await c.req.raw.arrayBuffer())
      Object.assign(c.req.bodyCache, { text: Promise.resolve(textOf(bytes)) })
    } catch (error) {
      const why = error instanceof SyntaxError ? error.message : `it cannot be read: ${errorText(error)}`
      return problem(c, 400, `the body must be JSON in UTF-8: ${why}`)
    }
    return next()
  }
}
