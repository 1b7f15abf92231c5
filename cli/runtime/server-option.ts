/** `--server`: the command is done by a running decision service, so that it needs no database and no Temporal here. */
import { type Command, Option } from 'commander'
import { SlipwayError } from '../../contracts/failure.js'

export interface ServerOptions {
  readonly server?: string
  readonly by?: string
}

export const serverOption = (): Option =>
  new Option('--server <url>', 'decision service that does it, instead of database and Temporal (also SLIPWAY_SERVER)')

/** `--by`, which a decision service may know from the token. */
export const nameOption = (): Option =>
  new Option('--by <who>', 'your name; recorded in the ledger; required without --server')

/** The address of the decision service; undefined if the command does it here. */
export const serverOf = ({ server }: ServerOptions): string | undefined =>
  server ?? (process.env.SLIPWAY_SERVER || undefined)

/** @throws SlipwayError BadRequest if there is no name */
export function requireName({ by }: ServerOptions): string {
  if (by !== undefined) return by
  throw new SlipwayError(
    'BadRequest',
    "required option '--by <who>' not specified: give your name, or a --server that knows it",
  )
}

/**
 * @param allowed options of a command that a decision service understands
 * @throws SlipwayError BadRequest naming an option that it does not
 */
export function requireOptionsOfServer(command: Command, allowed: readonly string[]): void {
  const known = new Set(['server', 'by', 'json', ...allowed])
  const other = Object.keys(command.opts()).find(
    (name) => command.getOptionValueSource(name) === 'cli' && !known.has(name),
  )
  if (other === undefined) return
  throw new SlipwayError('BadRequest', `--${other} is not possible with --server; run the command without it`)
}
