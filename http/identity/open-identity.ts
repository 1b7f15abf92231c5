import { SlipwayError } from '../../contracts/failure.js'
import { type Prover, proverOfEnvironment } from '../../releases/identity/prover.js'
import type { Sessions } from '../session/sessions.js'
import type { VerifyBearer } from './bearer.js'

export interface Identity {
  readonly verifyBearer?: VerifyBearer
  readonly prover?: Prover | undefined
  readonly sessions?: Sessions
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
  const settings = readIdentitySettings(file)
  const verifyBearer = createBearerVerifier(settings)
  if (!settings.login) return { verifyBearer, prover }
  const [{ createLoginClient }, { createSessions }] = await Promise.all([
    import('../session/login-client.js'),
    import('../session/sessions.js'),
  ])
  const client = createLoginClient(settings, process.env.SLIPWAY_OIDC_CLIENT_SECRET || undefined)
  return {
    verifyBearer,
    prover,
    sessions: createSessions({ settings, client, secret: process.env.SLIPWAY_IDENTITY_SECRET ?? '' }),
  }
}
