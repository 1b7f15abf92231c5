/** A browser without a session logs in, and comes back to the address that it asked for with everything in it. */
import type { Context } from 'hono'
import { html } from '../../console/html.js'
import { page } from '../../console/page.js'
import { PAGE_HEADERS } from '../page.js'

/** Characters of an address that are kept during a login: browsers drop cookies beyond 4,096 bytes. */
export const LONGEST_NEXT = 1_500

export function logInFirst(c: Context): Response {
  const address = `${c.req.path}${new URL(c.req.url).search}`
  if (address.length <= LONGEST_NEXT) return c.redirect(`/login?next=${encodeURIComponent(address)}`)
  const content = html`<div class="head" id="head"><h1>Log in first</h1>
<p class="warning" role="alert" id="problem"><strong>Nothing was done.</strong> What you typed is in the address of this page.</p>
<ol><li><a href="/login" target="_blank" rel="noopener">Log in in a new tab</a>, and come back to this one.</li>
<li><a href="${address}">Continue</a>, or reload this page.</li></ol></div>`
  return c.html(page({ title: 'Log in first', content }), 401, PAGE_HEADERS)
}
