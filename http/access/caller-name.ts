import { SlipwayError } from '../../contracts/failure.js'
import type { ProvenAction, Prover } from '../../releases/identity/prover.js'
import type { Caller } from './tokens.js'

export interface CallerName {
  readonly by: string
  /** Nothing in the name was typed by the caller. */
  readonly proven: boolean
}

/**
 * The name of a person is the issuer's. One that is stated beside a token of the file gets the token's name added.
 * @throws SlipwayError BadRequest if a person states another name
 */
export function callerName(by: string | undefined, caller: Caller | null | undefined): CallerName | undefined {
  if (!caller) return by === undefined ? undefined : { by, proven: false }
  if (caller.kind === 'person') {
    if (by === undefined || by === caller.name) return { by: caller.name, proven: true }
    throw new SlipwayError('BadRequest', `by: it is ${caller.name}, as your token says; leave it out`)
  }
  const token = `token ${caller.name}`
  return by === undefined ? { by: token, proven: true } : { by: `${by} (${token})`, proven: false }
}

/** @throws SlipwayError BadRequest if neither the request nor a token names the caller */
export function requireCallerName(by: string | undefined, caller: Caller | null | undefined): CallerName {
  const name = callerName(by, caller)
  if (name) return name
  throw new SlipwayError('BadRequest', 'by: must be given, since no token names the caller')
}

/** A proof for the workers, where the name is proven and this service can sign. */
export const proofOf = (
  prover: Prover | undefined,
  { proven }: Pick<CallerName, 'proven'>,
  what: ProvenAction,
): { proof?: string } => (prover && proven ? { proof: prover.sign(what) } : {})
