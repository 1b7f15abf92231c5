/** Login and logout of people in browsers. Not part of the OpenAPI document. */
import type { Context, MiddlewareHandler } from 'hono'
import { html } from '../../console/html.js'
import { page } from '../../console/page.js'
import { SlipwayError } from '../../contracts/failure.js'
import type { App, Guard } from '../app-options.js'
import { PAGE_HEADERS } from '../page.js'
import { problem } from '../problems.js'
import type { Sessions } from '../session/sessions.js'

export function addSessionRoutes(app: App, guard: Guard, sessions: Sessions | undefined): void {
  for (const path of ['/login', '/callback', '/logout', '/session']) app.use(path, guard.size, guard.identify)
  app.get('/session', (c) => {
    const caller = c.get('caller')
    const csrf = c.get('csrf')
    if (!caller || csrf === null) return problem(c, 401, 'there is no session; log in at /login')
    return c.json({ name: caller.name, csrf }, 200, { 'cache-control': 'no-store' })
  })
  if (!sessions) {
    const none = 'no login is configured; see SLIPWAY_IDENTITY'
    const refuse: MiddlewareHandler = async (c) => problem(c, 404, none)
    app.get('/login', refuse)
    app.get('/callback', refuse)
    return
  }
  app.get('/login', async (c) => c.redirect((await sessions.begin(c, c.req.query('next') ?? '/')).href))
  app.get('/callback', async (c) => {
    try {
      return c.redirect(await sessions.finish(c, new URL(c.req.url).search))
    } catch (error) {
      if (!(error instanceof SlipwayError) || error.type !== 'BadRequest') throw error
      return notLoggedIn(c, error.message)
    }
  })
  app.post('/logout', async (c) => {
    const to = await sessions.end(c)
    return c.redirect(to?.href ?? '/', 303)
  })
}

const notLoggedIn = (c: Context, why: string): Response => {
  const content = html`<h1>Not logged in</h1><p>${why}.</p><p><a href="/login">Log in again</a></p>`
  return c.html(page({ title: 'Not logged in', content }), 400, PAGE_HEADERS)
}
