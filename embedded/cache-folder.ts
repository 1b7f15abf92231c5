/** The folder of downloaded programs, shared by all installations of this user, and the folder of one installation. */
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

type Environment = Readonly<Record<string, string | undefined>>

export function cacheFolder(env: Environment = process.env): string {
  if (env.SLIPWAY_CACHE) return resolve(env.SLIPWAY_CACHE)
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'slipway')
}

/** Absolute path of SLIPWAY_HOME, `.slipway` below the working directory when unset. */
export function slipwayHome(env: Environment = process.env): string {
  return resolve(env.SLIPWAY_HOME || '.slipway')
}
