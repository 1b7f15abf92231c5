/** A registry with a trained ETA network in production, and servers as separate processes on one core. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startPostgres } from '../../embedded/postgres-server.js'
import { programOnPath } from '../../embedded/temporal-binary.js'
import { project } from '../../projects/eta/index.js'
import { createArtifactStore, openRegistry, type Registry } from '../../registry/index.js'
import { initProject } from '../../releases/init-project.js'
import { manifestOf } from '../../releases/release-tuple.js'

export interface BenchServices {
  readonly registry: Registry
  readonly environment: Readonly<Record<string, string>>
  readonly folder: string
  /** The process of the database server, whose children work for it. */
  readonly databasePid: number
  /** The network, which is in production, and the baseline. */
  readonly releases: readonly [string, string]
  stop(): Promise<void>
}

export async function openServices(): Promise<BenchServices> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-bench-'))
  const postgres = await startPostgres({ home: folder, onProgress: () => {} })
  const artifactsFolder = join(folder, 'artifacts')
  const registry = await openRegistry({ databaseUrl: postgres.url, artifactsFolder })
  const artifacts = createArtifactStore(artifactsFolder)
  const stop = async () => {
    await registry.close()
    await postgres.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  let releases: readonly [string, string]
  try {
    const { releaseId } = await initProject({ registry, artifacts, workFolder: folder }, project, 'bench')
    const { snapshot: digest } = (await registry.releases.get(releaseId)).manifest
    const snapshot = await registry.releases.snapshot(digest)
    const outFolder = join(folder, 'out')
    await mkdir(outFolder)
    const parameters = { epochs: 1 }
    const dataFile = await artifacts.path(snapshot.data)
    const request = { snapshot, dataFile, outFolder, checkpointFolder: outFolder, seed: 1, parameters }
    const trained = await project.train(request, () => {})
    const manifest = manifestOf(project, digest, trained, await artifacts.putFile(trained.artifactFile), project)
    const candidate = await registry.releases.register({ project: 'eta', manifest, workflowId: 'bench' })
    releases = [candidate.releaseId, releaseId]
    await registry.aliases.move({
      project: 'eta',
      alias: 'production',
      expected: releaseId,
      to: candidate.releaseId,
      actor: 'bench',
      reason: 'bench',
      workflowId: null,
      evidence: null,
      key: 'bench',
    })
  } catch (error) {
    await stop()
    throw error
  }
  const environment = {
    SLIPWAY_DATABASE_URL: postgres.url,
    SLIPWAY_ARTIFACTS: artifactsFolder,
    SLIPWAY_HOME: folder,
    SLIPWAY_PORT: '0',
    SLIPWAY_REQUESTS_PER_SECOND: '1000000',
  }
  return { registry, environment, folder, databasePid: postgres.pid, releases, stop }
}

/** The release in production, and the other one. */
export async function productionFirst({ registry, releases }: BenchServices): Promise<readonly [string, string]> {
  const { production } = await registry.aliases.current('eta')
  return production === releases[0] ? releases : [releases[1], releases[0]]
}

export interface ServerProcess {
  readonly url: URL
  readonly pid: number
  stop(): Promise<void>
}

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** On core 0 when `taskset` is installed; the load generator and the database use the other cores. */
export async function startServer(
  kind: 'slipway' | 'bare',
  environment: Readonly<Record<string, string>>,
): Promise<ServerProcess> {
  const script =
    kind === 'slipway' ? [file('../../bin/slipway.js'), 'serve', '--json'] : ['--import', 'tsx', file('bare-main.ts')]
  const pin = (await programOnPath('taskset')) ? ['taskset', '-c', '0'] : []
  const [command = '', ...args] = [...pin, process.execPath, ...script]
  const child = spawn(command, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const exited = once(child, 'exit')
  const [message] = (await Promise.race([
    once(child, 'message'),
    exited.then(() => Promise.reject(new Error(`the ${kind} server did not start`))),
  ])) as [{ url: string }]
  return {
    url: new URL(message.url),
    pid: child.pid ?? 0,
    async stop() {
      child.kill('SIGTERM')
      await exited
    },
  }
}
