/**
 * The production Temporal server on PostgreSQL and its schema tool, built with Go once and kept in the user's cache.
 */
import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { cacheFolder } from '../../embedded/cache-folder.js'
import { freePort } from '../../embedded/free-port.js'
import { withLock } from '../../embedded/process-lock.js'
import { endProcess } from '../../embedded/processes.js'
import { type Progress, silent, whileWaiting } from '../../embedded/progress.js'
import { run } from '../../embedded/run-command.js'
import { isExecutable } from '../../embedded/temporal-binary.js'
import { answers } from '../../embedded/temporal-probe.js'
import type { Restartable } from './restartable.js'

const VERSION = '1.29.1'
const MODULE = 'go.temporal.io/server'
/** Go names a program after its folder; it is kept under these names. */
const PROGRAMS = { server: `temporal-server-${VERSION}`, sql: `temporal-sql-tool-${VERSION}` }

export interface TemporalPrograms {
  readonly server: string
  readonly sqlTool: string
}

/** @throws Error with the reason when they cannot be built */
export async function findTemporalPrograms(onProgress: Progress = silent): Promise<TemporalPrograms> {
  const bin = join(cacheFolder(), 'bin')
  const programs = { server: join(bin, PROGRAMS.server), sqlTool: join(bin, PROGRAMS.sql) }
  const present = async () => (await isExecutable(programs.server)) && (await isExecutable(programs.sqlTool))
  if (await present()) return programs
  await mkdir(bin, { recursive: true })
  return withLock(join(cacheFolder(), 'temporal-server.lock'), onProgress, async () => {
    if (await present()) return programs
    const folder = await mkdtemp(join(bin, 'build-'))
    try {
      const env = { ...process.env, CGO_ENABLED: '0', GOBIN: folder }
      const modules = [`${MODULE}/cmd/server@v${VERSION}`, `${MODULE}/cmd/tools/sql@v${VERSION}`]
      const ran = await whileWaiting(
        onProgress,
        'production Temporal server: build with Go, about two minutes, once',
        () => run('go', ['install', '-ldflags=-s -w', ...modules], { env, timeoutMs: 20 * 60_000 }),
      )
      if (!ran.ok) throw new Error(`the production Temporal server could not be built (${ran.reason}); install Go`)
      await rename(join(folder, 'server'), programs.server)
      await rename(join(folder, 'sql'), programs.sqlTool)
      return programs
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
}

export interface TemporalOnPostgres extends Restartable {
  readonly address: string
  stop(): Promise<void>
}

/**
 * @param env the image's environment in the compose file, with the names that the image's configuration template reads
 */
export async function startTemporalServer(
  { server }: TemporalPrograms,
  env: Readonly<Record<string, string>>,
  dynamicConfig: string,
  folder: string,
): Promise<TemporalOnPostgres> {
  const ports = []
  for (let index = 0; index < 8; index += 1) ports.push(await freePort())
  const config = join(folder, 'config')
  mkdirSync(config)
  writeFileSync(join(config, 'production.yaml'), stringify(configuration(env, ports, dynamicConfig)))
  const log = join(folder, 'temporal.log')
  const address = `127.0.0.1:${ports[0]}`
  const boot = async (): Promise<number> => {
    const output = openSync(log, 'a')
    const child = spawn(
      server,
      ['--root', folder, '--config', 'config', '--env', 'production', '--allow-no-auth', 'start'],
      { stdio: ['ignore', output, output] },
    )
    closeSync(output)
    const pid = child.pid ?? 0
    for (const deadline = Date.now() + 60_000; !(await answers({ address })); ) {
      if (child.exitCode === null && Date.now() < deadline) continue
      await endProcess(pid)
      throw new Error(`the Temporal server did not start:\n${readFileSync(log, 'utf8').slice(-2_000)}`)
    }
    return pid
  }
  let pid = await boot()
  return {
    address,
    pid: () => pid,
    async restart() {
      pid = await boot()
    },
    stop: () => endProcess(pid),
  }
}

function configuration(env: Readonly<Record<string, string>>, ports: readonly number[], dynamicConfig: string): object {
  const store = (databaseName: string | undefined, maxConns: number) => ({
    sql: {
      pluginName: env.DB,
      databaseName,
      connectAddr: `${env.POSTGRES_SEEDS}:${env.DB_PORT}`,
      connectProtocol: 'tcp',
      user: env.POSTGRES_USER,
      password: env.POSTGRES_PWD,
      maxConns,
      maxIdleConns: maxConns,
      maxConnLifetime: '1h',
    },
  })
  const service = (index: number) => ({
    rpc: { grpcPort: ports[index], membershipPort: ports[index + 4], bindOnIP: '127.0.0.1' },
  })
  const frontend = `127.0.0.1:${ports[0]}`
  return {
    log: { stdout: true, level: 'warn' },
    persistence: {
      defaultStore: 'default',
      visibilityStore: 'visibility',
      numHistoryShards: Number(env.NUM_HISTORY_SHARDS),
      datastores: { default: store(env.DBNAME, 20), visibility: store(env.VISIBILITY_DBNAME, 10) },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' } },
    services: { frontend: service(0), history: service(1), matching: service(2), worker: service(3) },
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: {
        active: { enabled: true, initialFailoverVersion: 1, rpcName: 'frontend', rpcAddress: frontend },
      },
    },
    dcRedirectionPolicy: { policy: 'noop' },
    archival: { history: { state: 'disabled' }, visibility: { state: 'disabled' } },
    namespaceDefaults: { archival: { history: { state: 'disabled' }, visibility: { state: 'disabled' } } },
    publicClient: { hostPort: frontend },
    dynamicConfigClient: { filepath: dynamicConfig, pollInterval: '60s' },
  }
}
