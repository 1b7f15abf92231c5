/**
 * One installation for all cells: PostgreSQL, Temporal, S3, workers and a decision service as processes of their own,
 * and a relay in front of each server that a worker or the service uses.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client, Connection } from '@temporalio/client'
import { endProcess, isAlive, waitForEnd } from '../../embedded/processes.js'
import type { Project } from '../../projects/project.js'
import { createArtifactStore, openRegistry, type Registry } from '../../registry/index.js'
import { initProject } from '../../releases/init-project.js'
import { makeCurrent } from '../../workers/upgrade.js'
import { buildIdOf } from '../../workers/workflow-build.js'
import { type FaultRelay, openFaultRelay } from '../support/fault-relay.js'
import { closeable, type Ending } from '../support/harness.js'
import type { Steered } from '../support/steer.js'
import { openTopology, type Started, type Topology } from '../support/topology.js'
import { testBundle } from '../support/workflow-bundle.js'
import { project } from './project/index.js'
import { mountSmallDisk } from './small-disk.js'

const PROJECT = fileURLToPath(new URL('project', import.meta.url))
const CLOCK = fileURLToPath(new URL('shifted-clock.cjs', import.meta.url))
const DEPLOYMENT = 'slipway'

export interface Relays {
  readonly postgres: FaultRelay
  readonly temporal: FaultRelay
  readonly s3: FaultRelay
}

/** A worker or the decision service. */
export interface Part extends Started {
  readonly home: string
  readonly relays: Relays
  /** `kill -9` */
  kill(): Promise<void>
  /** SIGTERM. */
  end(): Promise<void>
}

export type Build = 'first' | 'second'

export interface ChaosSystem extends Steered {
  readonly topology: Topology
  readonly registry: Registry
  /** Of the registry's database, as a superuser. */
  readonly superuserUrl: string
  readonly baseline: string
  readonly artifacts: ReturnType<typeof createArtifactStore>
  /** The newest first. */
  readonly workers: Part[]
  service(): Part
  serviceUrl(): string
  /** Of the current build when none is given. */
  startWorker(build?: Build): Promise<Part>
  startService(): Promise<Part>
  /** Where workers and the decision service write. */
  readonly disk: string
  /** It is one of its own, which may be filled. */
  readonly diskIsSmall: boolean
  build(): Build
  /** Gives all work to the workers of a build. */
  makeCurrent(build: Build): Promise<void>
  close(): Promise<void>
}

export const openChaosSystem = (): Promise<ChaosSystem> => closeable(open)

async function open(opened: Ending[]): Promise<Omit<ChaosSystem, 'close'>> {
  const topology = await openTopology(opened)
  const { folder, secrets } = topology
  await Promise.all(['namespace', 'migrate', 'bucket'].map((name) => topology.job(name)))
  Object.assign(process.env, topology.s3)
  const { host } = new URL(topology.databaseUrl)
  const databaseAt = (at: string) => `postgres://slipway_runtime:${secrets.SLIPWAY_RUNTIME_PASSWORD}@${at}/slipway`
  const artifactsFolder = 's3://slipway/artifacts'
  const registry = await openRegistry({ databaseUrl: databaseAt(host), artifactsFolder })
  opened.push(() => registry.close())
  const artifacts = createArtifactStore(artifactsFolder)
  const { releaseId: baseline } = await initProject(
    { registry, artifacts, workFolder: folder },
    project as Project,
    'chaos',
  )
  const connection = await Connection.connect({ address: topology.temporalAddress })
  opened.push(() => connection.close())
  const client = new Client({ connection, namespace: 'slipway' })

  const { code } = await testBundle()
  const bundles: Record<Build, { file: string; code: string }> = {
    first: { file: join(folder, 'first.js'), code },
    second: { file: join(folder, 'second.js'), code: `${code}\n;/* the next build */\n` },
  }
  for (const { file, code } of Object.values(bundles)) writeFileSync(file, code)

  const disk = join(folder, 'disk')
  const diskIsSmall = await mountSmallDisk(disk, opened)
  let homes = 0
  let build: Build = 'first'
  const start = async (service: string, more: Record<string, string>, home: string): Promise<Part> => {
    const relays = {
      postgres: await openFaultRelay(host),
      temporal: await openFaultRelay(topology.temporalAddress),
      s3: await openFaultRelay(new URL(topology.s3.AWS_ENDPOINT_URL_S3 ?? '').host),
    }
    mkdirSync(home, { recursive: true })
    const closeRelays = () => Promise.all(Object.values(relays).map((relay) => relay.close()))
    opened.push(closeRelays)
    const started = await topology.start([service], {
      ...more,
      SLIPWAY_PROJECTS: PROJECT,
      SLIPWAY_HOME: home,
      NODE_OPTIONS: `--require ${CLOCK}`,
      SLIPWAY_ARTIFACT_CACHE: join(home, 'artifact-cache'),
      SLIPWAY_DATABASE_URL: databaseAt(relays.postgres.address),
      TEMPORAL_ADDRESS: relays.temporal.address,
      AWS_ENDPOINT_URL_S3: `http://${relays.s3.address}`,
    })
    const { pid } = started
    return {
      ...started,
      home,
      relays,
      async kill() {
        if (await isAlive(pid)) process.kill(pid, 'SIGKILL')
        await waitForEnd(pid, 10_000)
      },
      end: () => endProcess(pid, 20_000),
    }
  }

  const workers: Part[] = []
  let service: Part | undefined
  const startWorker = async (of: Build = build): Promise<Part> => {
    homes += 1
    const more = { SLIPWAY_WORKFLOW_BUNDLE: bundles[of].file, SLIPWAY_TASK_QUEUES: 'slipway,slipway-toy' }
    const started = await start('worker', more, join(disk, `worker-${homes}`))
    workers.unshift(started)
    return started
  }
  const startService = async (): Promise<Part> => {
    // The same disk each time: what a killed service had not yet written is there.
    service = await start('decisions-a', {}, join(disk, 'decisions'))
    return service
  }
  const current = async (of: Build) => {
    await makeCurrent(client, { deploymentName: DEPLOYMENT, buildId: buildIdOf(bundles[of]) })
    build = of
  }

  await startWorker()
  await current('first')
  await startService()
  const running = (): Part => {
    if (service === undefined) throw new Error('the decision service was not started')
    return service
  }
  const superuser = new URL(topology.databaseUrl)
  superuser.pathname = '/slipway'
  return {
    topology,
    client,
    registry,
    artifacts,
    baseline,
    superuserUrl: superuser.href,
    workers,
    disk,
    diskIsSmall,
    build: () => build,
    service: running,
    serviceUrl: () => `http://127.0.0.1:${running().port}`,
    startWorker,
    startService,
    makeCurrent: current,
  }
}
