/**
 * The Temporal that the environment names, in Temporal's client configuration: variables, or a profile of a TOML file.
 */
import { readFileSync } from 'node:fs'
import { loadClientConnectConfig } from '@temporalio/envconfig'
import type { NativeConnectionOptions } from '@temporalio/worker'
import { SlipwayError } from '../contracts/failure.js'

type Environment = Readonly<Record<string, string | undefined>>

export interface NamedTemporal {
  readonly namespace: string
  /** For clients and workers. */
  readonly connection: TemporalConnection
}

export type TemporalConnection = { readonly address: string } & Pick<
  NativeConnectionOptions,
  'tls' | 'apiKey' | 'metadata'
>

/** Any of these variables selects an external Temporal. A configuration file that merely exists does not. */
const NAMING = ['TEMPORAL_ADDRESS', 'TEMPORAL_PROFILE', 'TEMPORAL_CONFIG_FILE'] as const

/**
 * Null when the environment names no Temporal: then the embedded one is used. An empty variable counts as unset,
 * because compose files and shells pass unset variables on as empty ones.
 * @throws SlipwayError BadRequest in one line that names the variable
 */
export function temporalOfEnvironment(env: Environment = process.env): NamedTemporal | null {
  const overrideEnvVars = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => Boolean(entry[1])),
  )
  if (!NAMING.some((name) => overrideEnvVars[name])) return null
  refuseUnsafe(overrideEnvVars)
  const { connectionOptions, namespace = 'default' } = load(overrideEnvVars)
  const { address, tls, apiKey, metadata } = connectionOptions
  if (!address) throw invalid('it has no address; set TEMPORAL_ADDRESS, or address in the profile')
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

/** Address and transport for messages. Never contains a key. */
export const describeTemporal = ({ address, tls }: TemporalConnection): string =>
  tls ? `${address} (TLS)` : `${address} (without TLS)`

const invalid = (problem: string, cause?: unknown) =>
  new SlipwayError('BadRequest', `the Temporal client configuration is invalid: ${problem}`, { cause })

/** Refuses settings that the library would ignore silently, and would then connect in another way than intended. */
function refuseUnsafe(env: Readonly<Record<string, string>>): void {
  const tls = env.TEMPORAL_TLS
  if (tls !== undefined && !['true', 'false', '1', '0'].includes(tls))
    throw invalid(`TEMPORAL_TLS is "${tls}"; it must be true or false`)
  if (env.TEMPORAL_TLS_DISABLE_HOST_VERIFICATION)
    throw invalid(
      'TEMPORAL_TLS_DISABLE_HOST_VERIFICATION is not supported; set TEMPORAL_TLS_SERVER_CA_CERT_PATH to the certificate authority',
    )
  const has = (part: string) =>
    Boolean(env[`TEMPORAL_TLS_CLIENT_${part}_PATH`] ?? env[`TEMPORAL_TLS_CLIENT_${part}_DATA`])
  if (has('CERT') !== has('KEY'))
    throw invalid(
      'a client certificate needs its key: set TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH',
    )
  for (const name of ['CLIENT_CERT', 'CLIENT_KEY', 'SERVER_CA_CERT'].map((part) => `TEMPORAL_TLS_${part}_PATH`)) {
    if (env[name] && !read(name, env[name]).includes('-----BEGIN '))
      throw invalid(`${name} is "${env[name]}", which contains nothing in PEM format`)
  }
  if (env.TEMPORAL_CONFIG_FILE) read('TEMPORAL_CONFIG_FILE', env.TEMPORAL_CONFIG_FILE)
  if (env.TEMPORAL_API_KEY && tls !== undefined && !['true', '1'].includes(tls))
    throw invalid('TEMPORAL_API_KEY would be sent without encryption; leave TEMPORAL_TLS unset, or set it to true')
}

function read(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw invalid(`${name} is "${path}", which cannot be read (${(error as NodeJS.ErrnoException).code})`, error)
  }
}

function load(overrideEnvVars: Record<string, string>) {
  // Only a file that is named: a file in the home folder may be the configuration of another program.
  const named = Boolean(overrideEnvVars.TEMPORAL_PROFILE ?? overrideEnvVars.TEMPORAL_CONFIG_FILE)
  try {
    return loadClientConnectConfig({ overrideEnvVars, disableFile: !named, configFileStrict: true })
  } catch (error) {
    throw invalid((error as Error).message.split('\n')[0] ?? '', error)
  }
}
