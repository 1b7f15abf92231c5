/** Which Temporal the environment names, in Temporal's own client configuration: variables, or a profile of a configuration file. */
import { readFileSync } from 'node:fs'
import { loadClientConnectConfig } from '@temporalio/envconfig'
import type { NativeConnectionOptions } from '@temporalio/worker'
import { SlipwayError } from '../contracts/failure.js'

type Environment = Readonly<Record<string, string | undefined>>

export interface NamedTemporal {
  readonly namespace: string
  /** For clients and for workers alike. */
  readonly connection: TemporalConnection
}

export type TemporalConnection = { readonly address: string } & Pick<
  NativeConnectionOptions,
  'tls' | 'apiKey' | 'metadata'
>

/** Any of these says that a Temporal is meant; a configuration file that merely exists does not. */
const NAMING = ['TEMPORAL_ADDRESS', 'TEMPORAL_PROFILE', 'TEMPORAL_CONFIG_FILE'] as const

/**
 * Null when the environment names none: then the embedded one is meant. A variable that is set to nothing is unset, as compose files
 * and shells pass it on.
 * @throws SlipwayError BadRequest in one line that names the variable
 */
export function temporalOfEnvironment(env: Environment = process.env): NamedTemporal | null {
  const overrideEnvVars = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => Boolean(entry[1])),
  )
  if (!NAMING.some((name) => overrideEnvVars[name])) return null
  refuse(overrideEnvVars)
  const { connectionOptions, namespace = 'default' } = load(overrideEnvVars)
  const { address, tls, apiKey, metadata } = connectionOptions
  if (!address) throw wrong('no address: set TEMPORAL_ADDRESS, or address in the profile')
  return {
    namespace,
    connection: {
      address,
      ...(tls === undefined ? {} : { tls }),
      ...(apiKey === undefined ? {} : { apiKey }),
      ...(metadata === undefined ? {} : { metadata }),
    },
  }
}

/** For people: where, and how it is spoken to. Never a key. */
export const describeTemporal = ({ address, tls }: TemporalConnection): string =>
  tls ? `${address} (TLS)` : `${address} (without TLS)`

const wrong = (problem: string, cause?: unknown) =>
  new SlipwayError('BadRequest', `the Temporal client configuration is wrong: ${problem}`, { cause })

/** What the library would pass over in silence, and connect in another way than was meant. */
function refuse(env: Readonly<Record<string, string>>): void {
  const tls = env.TEMPORAL_TLS
  if (tls !== undefined && !['true', 'false', '1', '0'].includes(tls))
    throw wrong(`TEMPORAL_TLS is "${tls}"; it must be true or false`)
  if (env.TEMPORAL_TLS_DISABLE_HOST_VERIFICATION)
    throw wrong(
      'TEMPORAL_TLS_DISABLE_HOST_VERIFICATION is not supported; name the authority in TEMPORAL_TLS_SERVER_CA_CERT_PATH',
    )
  const has = (part: string) =>
    Boolean(env[`TEMPORAL_TLS_CLIENT_${part}_PATH`] ?? env[`TEMPORAL_TLS_CLIENT_${part}_DATA`])
  if (has('CERT') !== has('KEY'))
    throw wrong(
      'a client certificate and its key go together: set TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH',
    )
  for (const name of ['CLIENT_CERT', 'CLIENT_KEY', 'SERVER_CA_CERT'].map((part) => `TEMPORAL_TLS_${part}_PATH`)) {
    if (env[name] && !read(name, env[name]).includes('-----BEGIN '))
      throw wrong(`${name} is "${env[name]}", which holds nothing in PEM form`)
  }
  if (env.TEMPORAL_CONFIG_FILE) read('TEMPORAL_CONFIG_FILE', env.TEMPORAL_CONFIG_FILE)
  if (env.TEMPORAL_API_KEY && tls !== undefined && !['true', '1'].includes(tls))
    throw wrong('TEMPORAL_API_KEY would be sent in the clear: leave TEMPORAL_TLS unset or true')
}

function read(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw wrong(`${name} is "${path}", which cannot be read (${(error as NodeJS.ErrnoException).code})`, error)
  }
}

function load(overrideEnvVars: Record<string, string>) {
  // Only a file that is named: one in the home folder is somebody's setting for another program.
  const named = Boolean(overrideEnvVars.TEMPORAL_PROFILE ?? overrideEnvVars.TEMPORAL_CONFIG_FILE)
  try {
    return loadClientConnectConfig({ overrideEnvVars, disableFile: !named, configFileStrict: true })
  } catch (error) {
    throw wrong((error as Error).message.split('\n')[0] ?? '', error)
  }
}
