interface Request {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | URLSearchParams
}

/** Cookies of one browser, as far as tests need them. Redirects are not followed. */
export class CookieJar {
  /** Where the last answer sends the browser, or else where it came from. */
  last = ''
  private readonly cookies = new Map<string, { value: string; raw: string }>()

  async fetch(url: string, init: Request = {}): Promise<Response> {
    const cookie = [...this.cookies].map(([name, { value }]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, { ...init, headers: { ...init.headers, cookie }, redirect: 'manual' })
    for (const raw of response.headers.getSetCookie()) {
      const [pair = ''] = raw.split(';')
      // As browsers do, without a word.
      if (pair.length > 4_096) continue
      const [name, value] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]
      if (/max-age=0/i.test(raw) || value === '') this.cookies.delete(name)
      else this.cookies.set(name, { value, raw })
    }
    this.last = new URL(response.headers.get('location') ?? '', url).href
    return response
  }

  get = (name: string): string | undefined => this.cookies.get(name)?.value
  raw = (name: string): string | undefined => this.cookies.get(name)?.raw

  copy(): CookieJar {
    const copy = new CookieJar()
    for (const [name, cookie] of this.cookies) copy.cookies.set(name, cookie)
    return copy
  }
}
