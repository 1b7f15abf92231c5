/** Requests that a page of another site sends from a browser on this machine, to a service that needs no token. */

/** Names of this machine, with a port: an address that a page has under another name is not among them. */
const HERE = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/i

/**
 * @param host header; another name than this machine's is what a page sends whose name was pointed at this machine
 * @param origin header; browsers send it with every POST
 * @returns why it is refused; null for a request of this machine
 */
export function foreignSite(host: string | undefined, origin: string | undefined): string | null {
  if (host === undefined || !HERE.test(host))
    return `host "${host}": without tokens this service answers to 127.0.0.1 and localhost only; create a token with: slipway token new NAME --role read`
  if (origin === undefined || hostOf(origin) === host) return null
  return `origin "${origin}": pages of other sites may not send requests here`
}

function hostOf(url: string): string | null {
  try {
    return new URL(url).host
  } catch {
    return null
  }
}
