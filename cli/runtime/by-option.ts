import { userInfo } from 'node:os'
import { Option } from 'commander'
import { SlipwayError } from '../../contracts/failure.js'

/** `--by` of commands that need no proven name: by default SLIPWAY_ACTOR, else the user of the operating system. */
export const byOption = (): Option =>
  new Option('--by <who>', 'your name; recorded in the ledger').default(
    process.env.SLIPWAY_ACTOR || currentUser(),
    'SLIPWAY_ACTOR, else the current user',
  )

/** In a container a process often runs with an id that has no entry in /etc/passwd. */
function currentUser(): string {
  try {
    return userInfo().username
  } catch {
    return process.env.USER || String(process.getuid?.() ?? 'unknown')
  }
}

/**
 * In a container everyone is the same user, and another person's approval could not be told from one's own: the compose
 * file says that a name is required there.
 * @throws SlipwayError BadRequest if no name is given where one is required
 */
export function requireActor(given: boolean): void {
  if (given || process.env.SLIPWAY_ACTOR || !process.env.SLIPWAY_ACTOR_REQUIRED) return
  throw new SlipwayError(
    'BadRequest',
    'who you are is not known in a container: set SLIPWAY_ACTOR, or name yourself with --by',
  )
}
