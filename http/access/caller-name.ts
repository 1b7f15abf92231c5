import { SlipwayError } from '../../contracts/failure.js'
import type { Caller } from './tokens.js'

/** The name that a caller gives is not proven, so the name of its token is added. Undefined if there is neither. */
export const callerName = (by: string | undefined, caller: Caller | null | undefined): string | undefined =>
  !caller ? by : by === undefined ? `token ${caller.name}` : `${by} (token ${caller.name})`

/** @throws SlipwayError BadRequest if neither the request nor a token names the caller */
export function requireCallerName(by: string | undefined, caller: Caller | null | undefined): string {
  const name = callerName(by, caller)
  if (name !== undefined) return name
  throw new SlipwayError('BadRequest', 'by: must be given, since no token names the caller')
}
