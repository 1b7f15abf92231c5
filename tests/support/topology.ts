/**
 * The services of `docker-compose.yml` as processes of this machine: same commands and environments, other addresses.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { freePort } from '../../embedded/free-port.js'
import { endProcess } from '../../embedded/processes.js'
import { run } from '../../embedded/run-command.js'
import { type ComposeFile, composeFile, environmentOf, ROOT } from './compose-file.js'
import { ownServer } from './database.js'
import type { Ending } from './harness.js'
import type { Restartable } from './restartable.js'
import { s3Server } from './s3-server.js'
import { findTemporalPrograms, startTemporalServer } from './temporal-server.js'
import { bundleEnvironment } from './workflow-bundle.js'

/** Rewrites one part of a command line or one variable. */
type Rewrite = (text: string) => string

export interface Topology {
  readonly secrets: Readonly<Record<string, string>>
  /** With PostgreSQL's superuser. */
  readonly databaseUrl: string
  /** `host:port` of the Temporal server. */
  readonly temporalAddress: string
  /** Homes of all services, and the files with which the installation was set up. */
  readonly folder: string
  /** The folder behind the S3 server: a bucket is a folder, an object a file. */
  readonly root: string
  /** Variables with which a client reaches the S3 server. */
  readonly s3: Readonly<Record<string, string>>
  readonly postgres: Restartable
  readonly temporal: Restartable
  /** Runs a service that ends. @returns its output. @throws Error with its output when it fails */
  job(service: string, args?: readonly string[]): Promise<string>
  /**
   * Starts services as one process with the environment of the first. @returns when the health check of the first
   * passes
   */
  start(services: readonly string[], environment?: Readonly<Record<string, string>>): Promise<Started>
}

export interface Started {
  readonly pid: number
  readonly port: number
  /** What it has written to both of its streams: the newest part of it. */
  output(): string
}

const OUTPUT_KEPT = 4_000_000

/** For a service that hangs; on a busy machine each start and each check may take long. */
const HEALTHY_WITHIN_MS = 240_000
const CHECK_WITHIN_MS = 30_000
/** A job may wait for a release, whose training shares the cores with other tests. */
const ENDS_WITHIN_MS = 600_000

export async function openTopology(opened: Ending[]): Promise<Topology> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-topology-'))
  chmodSync(folder, 0o755)
  opened.push(() => rm(folder, { recursive: true, force: true }))
  const secrets = await drawSecrets(folder)
  const compose = composeFile({ ...secrets, SLIPWAY_ACTOR: 'ana' })
  const [programs, database, s3] = await Promise.all([
    findTemporalPrograms((line) => process.stderr.write(`· ${line}\n`)),
    ownServer().then((server) => keep(opened, server)),
    s3Server({ access: secrets.S3_ACCESS_KEY ?? '', secret: secrets.S3_SECRET_KEY ?? '' }).then((server) =>
      keep(opened, server),
    ),
  ])
  const temporalPort = { host: 'temporal:7233', here: '' }
  const postgres = new URL(database.url).host
  const rewrite: Rewrite = (text) =>
    text
      .replace('postgres:5432', postgres)
      .replace(temporalPort.host, temporalPort.here)
      .replace('/var/lib/slipway', folder)
      .replace('http://artifacts:7070', s3.environment.AWS_ENDPOINT_URL_S3 ?? '')
  const path = programsFolder(folder)
  const base = {
    PATH: [path, process.env.PATH].join(delimiter),
    HOME: folder,
    TMPDIR: folder,
    TEMPORAL_SQL_TOOL: programs.sqlTool,
    // As in the image.
    ...(await bundleEnvironment()),
    ...(process.env.SLIPWAY_CACHE ? { SLIPWAY_CACHE: process.env.SLIPWAY_CACHE } : {}),
  }
  const environment = (name: string): Record<string, string> => ({
    ...base,
    ...Object.fromEntries(
      Object.entries(environmentOf(compose.services[name])).map(([key, value]) => [key, rewrite(value)]),
    ),
    // The superuser's name differs from the one in the image.
    ...(name === 'databases' ? { POSTGRES_ADMIN_URL: database.url } : {}),
    ...(name === 'temporal-schema' ? databaseHere(postgres) : {}),
  })
  const here = (name: string, part: string): string => fileOfConfig(compose, name, part) ?? part
  const commandOf = (name: string): string[] => {
    const { entrypoint = [], command = [] } = compose.services[name] ?? {}
    const parts = [...entrypoint, ...command].map((part) => here(name, part))
    if (parts.length === 0) throw new Error(`${name} has no command`)
    return parts
  }

  const job: Topology['job'] = async (name, args = []) => {
    const [command = '', ...rest] = [...commandOf(name), ...args]
    const env = { ...environment(name), SLIPWAY_HOME: join(folder, name) }
    const ran = await run(command, rest, { cwd: ROOT, env, timeoutMs: ENDS_WITHIN_MS })
    if (!ran.ok) throw new Error(`${name}: ${ran.output}`)
    return ran.output
  }

  await job('databases')
  await job('temporal-schema')
  const { host } = new URL(database.url)
  const temporal = await startTemporalServer(
    programs,
    { ...environment('temporal'), POSTGRES_SEEDS: host.split(':')[0] ?? '', DB_PORT: host.split(':')[1] ?? '' },
    here('temporal', environmentOf(compose.services.temporal).DYNAMIC_CONFIG_FILE_PATH ?? ''),
    folder,
  )
  opened.push(() => temporal.stop())
  temporalPort.here = temporal.address

  const start: Topology['start'] = async (names, more = {}) => {
    const [name = ''] = names
    const service = compose.services[name]
    const port = await freePort()
    const listening: Record<string, string> = service?.environment?.SLIPWAY_METRICS
      ? { SLIPWAY_METRICS: `127.0.0.1:${port}` }
      : {
          SLIPWAY_BIND: '127.0.0.1',
          SLIPWAY_PORT: String(port),
          SLIPWAY_TOKENS: join(folder, 'deploy', 'access', 'tokens.json'),
        }
    const env = { ...environment(name), SLIPWAY_HOME: join(folder, name), ...listening, ...more }
    const [command = '', ...rest] = commandOf(name)
    const child = spawn(command, rest, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const pid = child.pid ?? 0
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output = (output + text).slice(-OUTPUT_KEPT)
      })
    const ended = once(child, 'exit')
    opened.push(async () => {
      // The id of a process that has ended may be that of another one now.
      if (child.exitCode === null && child.signalCode === null) await endProcess(pid, 20_000)
      await ended
    })
    // The health check names the port inside the container; this process listens on another one.
    const [, probe = '', ...probeArguments] = (service?.healthcheck?.test ?? []).map((part) =>
      part.replace(/127\.0\.0\.1:\d+/, `127.0.0.1:${port}`),
    )
    for (const deadline = Date.now() + HEALTHY_WITHIN_MS; ; ) {
      if ((await run(probe, probeArguments, { env, timeoutMs: CHECK_WITHIN_MS })).ok) break
      if (child.exitCode !== null || Date.now() > deadline)
        throw new Error(`${name} is not healthy: ${output.slice(-4_000)}`)
    }
    return { pid, port, output: () => output }
  }
  return {
    secrets,
    databaseUrl: database.url,
    temporalAddress: temporal.address,
    folder,
    root: dirname(s3.folder),
    s3: s3.environment,
    postgres: database,
    temporal,
    job,
    start,
  }
}

function keep<Server extends { stop(): Promise<void> }>(opened: Ending[], server: Server): Server {
  opened.push(() => server.stop())
  return server
}

/** Generates secrets with the script that an operator runs, in a copy of its folder. */
async function drawSecrets(folder: string): Promise<Record<string, string>> {
  mkdirSync(join(folder, 'deploy'))
  const script = join(folder, 'deploy', 'make-env.sh')
  copyFileSync(join(ROOT, 'deploy', 'make-env.sh'), script)
  const ran = await run('sh', [script], { timeoutMs: 10_000 })
  if (!ran.ok) throw new Error(ran.output)
  const lines = readFileSync(join(folder, '.env'), 'utf8').trim().split('\n')
  return Object.fromEntries(lines.map((line) => line.split('=') as [string, string]))
}

/** A folder with `node` and `slipway` under the names they have in the image. */
function programsFolder(folder: string): string {
  const path = join(folder, 'bin')
  mkdirSync(path)
  symlinkSync(process.execPath, join(path, 'node'))
  symlinkSync(join(ROOT, 'bin', 'slipway.js'), join(path, 'slipway'))
  return path
}

const databaseHere = (host: string) => ({ SQL_HOST: host.split(':')[0] ?? '', SQL_PORT: host.split(':')[1] ?? '' })

/** Repository file that the compose file mounts at a path inside a container. */
function fileOfConfig({ services, configs }: ComposeFile, name: string, path: string): string | undefined {
  const source = services[name]?.configs?.find(({ target }) => target === path)?.source
  const file = source === undefined ? undefined : configs[source]?.file
  return file === undefined ? undefined : join(ROOT, file)
}
