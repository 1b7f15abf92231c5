import type { Context } from 'hono'

/** No script but from this service, none in the page, no frame around it; styles may stand in the page. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "connect-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** An HTML page with the headers that every page has. */
export const page = (c: Context, html: string, status: 200 | 400 = 200): Response =>
  c.html(html, status, {
    'content-security-policy': POLICY,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'cache-control': 'no-store',
  }) as Response
