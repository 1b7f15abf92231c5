/**
 * Secrets from files: `NAME_FILE` names a file that contains the value of `NAME`. The environment with which a process
 * was started stands in `/proc` for its user's other processes, trainers among them, and in what a container engine
 * shows.
 */
import { readFileSync } from 'node:fs'
import { SlipwayError } from './failure.js'

const SUFFIX = '_FILE'

/** Variables that may be given as a file. Addresses are among them: they contain a password or a token. */
export const SECRET_VARIABLES = [
  'SLIPWAY_DATABASE_URL',
  'SLIPWAY_MIGRATOR_DATABASE_URL',
  'TEMPORAL_DATABASE_URL',
  'POSTGRES_ADMIN_URL',
  'SLIPWAY_IDENTITY_SECRET',
  'SLIPWAY_OIDC_CLIENT_SECRET',
  'SLIPWAY_TOKEN',
  'SLIPWAY_WEBHOOK_URL',
  'SLIPWAY_WEBHOOK_SECRET',
  'TEMPORAL_API_KEY',
  'TEMPORAL_TLS_CLIENT_KEY_DATA',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
] as const

type Environment = Record<string, string | undefined>

/**
 * Sets each variable whose file is named. Call it before anything reads the environment.
 * @throws SlipwayError BadRequest if a file cannot be read or is empty, or the variable is set as well
 */
export function readSecretFiles(env: Environment = process.env): void {
  for (const name of SECRET_VARIABLES) {
    const file = env[`${name}${SUFFIX}`]
    if (!file) continue
    if (env[name]) throw new SlipwayError('BadRequest', `${name} and ${name}${SUFFIX} are both set; unset one of them`)
    // Editors and `echo` end a file with a line break.
    const value = read(`${name}${SUFFIX}`, file).replace(/\r?\n$/, '')
    if (value === '') throw new SlipwayError('BadRequest', `${name}${SUFFIX} is "${file}", which is empty`)
    env[name] = value
  }
}

/** For a child that reads the files itself: without the values that came from files. */
export function withoutSecretsOfFiles(env: Environment): Environment {
  const named = (name: string) => Boolean(env[`${name}${SUFFIX}`])
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !(SECRET_VARIABLES.some((one) => one === name) && named(name))),
  )
}

/** For a child that needs none of them: a server, a compiler, a tool. */
export const withoutSecrets = (env: Environment): Environment =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !SECRET_VARIABLES.some((one) => one === name)))

/** A file that names a secret is nothing for a trainer either. */
export const isSecretFile = (name: string): boolean => SECRET_VARIABLES.some((one) => `${one}${SUFFIX}` === name)

function read(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new SlipwayError('BadRequest', `${name} is "${file}", which cannot be read (${code})`, { cause: error })
  }
}
