/** Checks what Slipway needs on this machine. Changes nothing. */
import type { ConnectionOptions } from '@temporalio/client'
import { cacheFolder, slipwayHome } from '../cache-folder.js'
import type { Check } from './check.js'
import { checkFolder, checkNode, checkTestServer } from './machine-checks.js'
import {
  checkEmbeddedDatabase,
  checkEmbeddedTemporal,
  checkNamedDatabase,
  checkNamedTemporal,
} from './server-checks.js'

/** @param connect connection options of the Temporal named by the environment; by TEMPORAL_ADDRESS alone when absent */
export async function diagnose(env = process.env, connect?: ConnectionOptions): Promise<Check[]> {
  const named = connect ?? (env.TEMPORAL_ADDRESS ? { address: env.TEMPORAL_ADDRESS } : undefined)
  return Promise.all([
    checkNode(),
    checkFolder('home', slipwayHome(env), 'set SLIPWAY_HOME to a folder you may write'),
    checkFolder('cache', cacheFolder(env), 'set SLIPWAY_CACHE to a folder you may write'),
    named ? checkNamedTemporal(named) : checkEmbeddedTemporal(slipwayHome(env)),
    env.SLIPWAY_DATABASE_URL ? checkNamedDatabase(env.SLIPWAY_DATABASE_URL) : checkEmbeddedDatabase(),
    checkTestServer(),
  ])
}
