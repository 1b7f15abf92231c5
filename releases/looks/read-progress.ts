import type { ProgressRequest, Reading } from '../../contracts/progress.js'
import type { Registry } from '../../registry/index.js'
import { clockInForce } from '../exposure/begin-clock.js'
import { instantOf, newestLook } from './recorded-looks.js'

/** For a run that waits for looks, and asks whether there were any. */
export async function readProgress(registry: Registry, request: ProgressRequest): Promise<Reading> {
  const look = await newestLook(registry, request)
  return {
    clock: (await clockInForce(registry, request)) ?? request.clock,
    newestLook: look ? instantOf(look) : null,
  }
}
