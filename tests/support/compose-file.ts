/** `docker-compose.yml` as Compose reads it: anchors merged, variables replaced from an environment. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'

export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

export interface Service {
  readonly image: string
  readonly build?: string
  readonly command?: readonly string[]
  readonly entrypoint?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
  readonly healthcheck?: { readonly test: readonly string[]; readonly start_period?: string }
  readonly restart?: string
  readonly volumes?: readonly string[]
  readonly configs?: readonly { readonly source: string; readonly target: string }[]
  readonly ports?: readonly string[]
  readonly profiles?: readonly string[]
  readonly user?: string
  readonly read_only?: boolean
  readonly tmpfs?: readonly string[]
  readonly network_mode?: string
}

export interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>
  readonly volumes: Readonly<Record<string, unknown>>
  readonly configs: Readonly<Record<string, { readonly file: string }>>
}

export const composeText = (): string => readFileSync(`${ROOT}docker-compose.yml`, 'utf8')

/** An override file, in which a service may extend one of `docker-compose.yml`. */
export interface Override {
  readonly services: Readonly<
    Record<string, Partial<Service> & { readonly extends?: { readonly file: string; readonly service: string } }>
  >
}

export const ownProjects = (): Override => parse(readFileSync(`${ROOT}docker-compose.own.yml`, 'utf8')) as Override

/** As Compose merges these keys: maps are joined, lists of words replaced. */
export function withOverride(file: ComposeFile, { services }: Override): ComposeFile {
  const merged = Object.entries(services).map(([name, { extends: from, ...own }]) => {
    const base = file.services[from?.service ?? name]
    if (!base) throw new Error(`${name} extends ${from?.service ?? name}, which does not exist`)
    const joined = {
      environment: { ...base.environment, ...own.environment },
      depends_on: { ...base.depends_on, ...own.depends_on },
    }
    return [name, { ...base, ...own, ...joined }]
  })
  return { ...file, services: { ...file.services, ...Object.fromEntries(merged) } }
}

/** Without replacement: every `${…}` stays as written. */
export const rawCompose = (): ComposeFile => parse(composeText(), { merge: true }) as ComposeFile

/** @throws Error as Compose does, when a required variable is missing */
export function composeFile(env: Readonly<Record<string, string>>): ComposeFile {
  return fill(rawCompose(), env) as ComposeFile
}

function fill(value: unknown, env: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string') return fillText(value, env)
  if (Array.isArray(value)) return value.map((item) => fill(item, env))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item, env)]))
}

const VARIABLE = /\$(?:\$|\{([A-Z0-9_]+)(?::(-|\?)([^}]*))?\})/g

const fillText = (text: string, env: Readonly<Record<string, string>>): string =>
  text.replace(VARIABLE, (whole, name?: string, kind?: string, rest = '') => {
    if (name === undefined) return '$'
    const value = env[name]
    if (value) return value
    if (kind === '-') return rest
    if (kind === '?') throw new Error(`${name}: ${rest}`)
    throw new Error(`${whole} has neither a default nor a message`)
  })

/** Names of the variables that the file uses. */
export const variablesOf = (text: string): string[] => [
  ...new Set([...text.matchAll(VARIABLE)].flatMap(([, name]) => (name ? [name] : []))),
]

/** Values as strings, as a process receives them. */
export const environmentOf = (service: Service | undefined): Record<string, string> =>
  Object.fromEntries(Object.entries(service?.environment ?? {}).map(([name, value]) => [name, String(value)]))
