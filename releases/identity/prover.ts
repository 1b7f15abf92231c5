/** Proofs of names. The decision service checks who asks, and signs what it passes on; a worker verifies that. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { SlipwayError } from '../../contracts/failure.js'

/**
 * That this person takes this action on this run. The reason is not part of it: a run shortens one that is too long.
 */
export interface ProvenAction {
  readonly workflowId: string
  readonly id: string
  /** An operator action, or `start`. */
  readonly action: string
  readonly by: string
}

export interface Prover {
  sign(what: ProvenAction): string
  /** @param proof as it came, of any type */
  proves(what: ProvenAction, proof: unknown): boolean
}

const SHORTEST = 32

/** @param secret shared by decision services and workers @throws SlipwayError BadRequest if it is too short */
export function createProver(secret: string): Prover {
  if (secret.length < SHORTEST)
    throw new SlipwayError('BadRequest', `SLIPWAY_IDENTITY_SECRET must have at least ${SHORTEST} characters`)
  const digestOf = ({ workflowId, id, action, by }: ProvenAction): Buffer =>
    createHmac('sha256', secret)
      .update(JSON.stringify(['slipway.action/1', workflowId, id, action, by]))
      .digest()
  const isSigned = (what: ProvenAction, given: Buffer): boolean => {
    const expected = digestOf(what)
    return given.length === expected.length && timingSafeEqual(given, expected)
  }
  return {
    sign: (what) => digestOf(what).toString('base64url'),
    proves(what, proof) {
      if (typeof proof !== 'string') return false
      const given = Buffer.from(proof, 'base64url')
      // A run renames an id that was used for another action.
      const renamed = `:${what.action}`
      const asSent = what.id.endsWith(renamed) ? { ...what, id: what.id.slice(0, -renamed.length) } : what
      return isSigned(what, given) || isSigned(asSent, given)
    },
  }
}

/** Undefined if the environment names no secret: then names are stated, and none is proven. */
export function proverOfEnvironment(): Prover | undefined {
  const secret = process.env.SLIPWAY_IDENTITY_SECRET
  return secret ? createProver(secret) : undefined
}
