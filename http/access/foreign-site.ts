/** Requests that a page of another site sends from a browser on this machine, to a service that needs no token. */
import { LOOPBACK } from './loopback.js'

/**
 * @param host header; another name than this machine's is what a page sends whose name was pointed at this machine
 * @param origin header; browsers send it with every POST
 * @returns why it is refused; null for a request of this machine
 */
export function foreignSite(host: string | undefined, origin: string | undefined): string | null {
  const here = parsed(`http://${host ?? ''}`)
  if (here === null || !LOOPBACK.has(here.hostname.replace(/^\[|\]$/g, '')))
    return `host "${host}": without tokens this service answers to 127.0.0.1 and localhost only; create a token with: slipway token new NAME --role read`
  if (origin === undefined || parsed(origin)?.host === here.host) return null
  return `origin "${origin}": pages of other sites may not send requests here`
}

function parsed(url: string): URL | null {
  try {
    return new URL(url)
  } catch {
    return null
  }
}
