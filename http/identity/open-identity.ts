import { SlipwayError } from '../../contracts/failure.js'
import { type Prover, proverOfEnvironment } from '../../releases/identity/prover.js'
import type { VerifyBearer } from './bearer.js'

export interface Identity {
  readonly verifyBearer?: VerifyBearer
  readonly prover?: Prover | undefined
}

/** As the environment configures it. @throws SlipwayError BadRequest naming what is missing or malformed */
export async function openIdentity(): Promise<Identity> {
  const prover = proverOfEnvironment()
  const file = process.env.SLIPWAY_IDENTITY
  if (!file) return { prover }
  if (!prover)
    throw new SlipwayError(
      'BadRequest',
      'SLIPWAY_IDENTITY needs SLIPWAY_IDENTITY_SECRET, with which workers verify names: the same for all processes',
    )
  const [{ createBearerVerifier }, { readIdentitySettings }] = await Promise.all([
    import('./bearer.js'),
    import('./settings.js'),
  ])
  return { verifyBearer: createBearerVerifier(readIdentitySettings(file)), prover }
}
