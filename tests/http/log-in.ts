/** Login at a real OpenID provider, without a browser. */
import { CookieJar } from '../support/cookie-jar.js'

/** Follows redirects and fills in the provider's forms, as a person would. */
export async function logInAt(url: string, name: string, next: string): Promise<CookieJar> {
  const jar = new CookieJar()
  let response = await jar.fetch(`${url}/login?next=${encodeURIComponent(next)}`)
  for (let step = 0; step < 15; step += 1) {
    const location = response.headers.get('location')
    if (location !== null) {
      const to = new URL(location, response.url)
      if (to.origin === url && to.pathname !== '/callback') return jar
      response = await jar.fetch(to.href)
      continue
    }
    const text = await response.text()
    const action = /<form[^>]+action="([^"]+)"/.exec(text)?.[1]
    if (action === undefined) throw new Error(`no form at ${response.url}: ${response.status} ${text}`)
    const prompt = text.includes('name="login"')
      ? { prompt: 'login', login: name, password: 'x' }
      : { prompt: 'consent' }
    response = await jar.fetch(new URL(action, response.url).href, {
      method: 'POST',
      body: new URLSearchParams(prompt),
    })
  }
  throw new Error('the login does not end')
}
