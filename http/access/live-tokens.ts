/** The token file as it is now: tokens that are added or removed count within seconds, without a restart. */
import { randomBytes } from 'node:crypto'
import { unwatchFile, watchFile } from 'node:fs'
import { errorText } from '../../contracts/error-text.js'
import { readTokens, type Token } from './tokens.js'

/** By asking for the file's state: notifications do not cross every kind of mount. */
const EVERY_MS = 2_000

export interface LiveTokens {
  /** The same list at all times; its contents change. */
  readonly tokens: readonly Token[]
  stop(): void
}

/**
 * A file that cannot be read, or is invalid, changes nothing. One without tokens refuses every request: a service that
 * had tokens must not become open because a file is gone.
 * @throws SlipwayError BadRequest as `readTokens`
 */
export function openTokens(file: string, report: (text: string) => void, everyMs = EVERY_MS): LiveTokens {
  const tokens = readTokens(file)
  const reload = () => {
    try {
      const next = readTokens(file)
      if (next.length === 0 && tokens.length === 0) return
      tokens.splice(0, tokens.length, ...(next.length === 0 ? [fitsNoSecret()] : next))
      report(`token file ${file} has changed: ${next.length === 0 ? 'every token is refused' : names(next)}`)
    } catch (error) {
      report(`${errorText(error)}; the tokens before this change stay valid`)
    }
  }
  watchFile(file, { interval: everyMs, persistent: false }, reload)
  return { tokens, stop: () => unwatchFile(file, reload) }
}

const names = (tokens: readonly Token[]): string => tokens.map(({ name }) => name).join(', ')

const fitsNoSecret = (): Token => ({ name: 'none', roles: ['read'], sha256: randomBytes(32).toString('hex') })
