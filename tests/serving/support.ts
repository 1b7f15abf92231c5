/**
 * A real registry with the toy project in production, and decision services on it: in this process or in ones of their
 * own.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { digestOf } from '../../contracts/canonical.js'
import type { ReleaseInput, ReleaseManifest } from '../../contracts/types.js'
import type { AppOptions } from '../../http/app-options.js'
import { createApp, type Listening, listen } from '../../http/index.js'
import type { Project } from '../../projects/project.js'
import { createArtifactStore, openRegistry, type Registry } from '../../registry/index.js'
import { initProject } from '../../releases/init-project.js'
import { type DecisionService, type ServiceOptions, startService } from '../../serving/index.js'
import { testDatabase } from '../support/database.js'
import { type RestartableDatabase, restartableDatabase } from '../support/restartable-database.js'
import { project } from '../toy-project/index.js'
import { toyPolicy } from '../toy-project/policy.js'

export interface World {
  readonly databaseUrl: string
  readonly folder: string
  readonly registry: Registry
  readonly artifacts: ReturnType<typeof createArtifactStore>
  readonly baseline: string
  /** At the same address again after a stop; only for a world with a server of its own. */
  readonly database: { stop(): Promise<void>; start(): Promise<void> }
  gateway(options?: GatewayOptions): Promise<Gateway>
  /** Whatever is opened here is closed with the world. */
  closing(close: () => unknown): void
  stop(): Promise<void>
}

export interface GatewayOptions
  extends Partial<Omit<AppOptions, 'version'>>,
    Partial<Omit<ServiceOptions, 'registry'>> {
  readonly requestTimeoutMs?: number
  /** Any free one when absent. */
  readonly port?: number
}

export interface Gateway extends Pick<Listening, 'url' | 'port'> {
  readonly service: DecisionService
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>
  get(path: string, headers?: Record<string, string>): Promise<Answer>
  close(): Promise<void>
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Readonly<Record<string, unknown>>
}

/** @param own a PostgreSQL server of its own, for a test that stops it */
export async function openWorld({ own = false } = {}): Promise<World> {
  const closings: (() => unknown)[] = []
  const stop = async () => {
    for (const close of closings.splice(0).reverse()) await close()
  }
  try {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-serving-'))
    closings.push(() => rmSync(folder, { recursive: true, force: true }))
    const database = own ? await restartableDatabase(join(folder, 'home')) : await sharedDatabase()
    closings.push(database.end)
    const databaseUrl = database.url
    const artifactsFolder = join(folder, 'artifacts')
    const registry = await openRegistry({ databaseUrl, artifactsFolder })
    closings.push(() => registry.close())
    const artifacts = createArtifactStore(artifactsFolder)
    const { releaseId } = await initProject({ registry, artifacts, workFolder: folder }, project, 'test')
    return {
      databaseUrl,
      folder,
      registry,
      artifacts,
      baseline: releaseId,
      stop,
      database,
      closing: (close) => void closings.push(close),
      async gateway(options = {}) {
        const gateway = await openGateway({ registry, artifacts, folder }, options)
        closings.push(() => gateway.close())
        return gateway
      },
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function sharedDatabase(): Promise<RestartableDatabase> {
  const { url, stop: end } = await testDatabase()
  const refuse = () => Promise.reject(new Error('other test files use this server; open the world with { own: true }'))
  return { url, stop: refuse, start: refuse, end }
}

let gateways = 0

export async function openGateway(
  { registry, artifacts, folder }: Pick<World, 'registry' | 'artifacts' | 'folder'>,
  { requestTimeoutMs, port: wanted = 0, ...options }: GatewayOptions,
): Promise<Gateway> {
  gateways += 1
  const service = await startService({
    registry,
    artifacts,
    projects: new Map([['toy', project as Project]]),
    spoolFolder: join(folder, `spool-${gateways}`),
    ...options,
  })
  const app = createApp(service, {
    tokens: [],
    requestsPerSecond: 1e6,
    bodyBytes: 1 << 20,
    version: 'test',
    workflowUrl: (id) => `http://127.0.0.1:1/${encodeURIComponent(id)}`,
    ...options,
  })
  const time = requestTimeoutMs === undefined ? {} : { requestTimeoutMs }
  const listening = await listen(app, { host: '127.0.0.1', port: wanted, ...time })
  const { url, port } = listening
  let open = true
  return {
    service,
    url,
    port,
    post: (path, body, headers = {}) =>
      answer(`${url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    get: (path, headers = {}) => answer(`${url}${path}`, { headers }),
    async close() {
      if (!open) return
      open = false
      await listening.close()
      await service.stop()
    },
  }
}

export async function answer(url: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(url, init)
  const text = await response.text()
  const json = (response.headers.get('content-type') ?? '').includes('json')
  const body = (json ? JSON.parse(text) : { text }) as Answer['body']
  return { status: response.status, headers: response.headers, body }
}

export const DECISIONS = '/v1/projects/toy/decisions'
export const OUTCOMES = '/v1/projects/toy/outcomes'
export const ask = (entityKey: string, more: object = {}) => ({ entityKey, input: { x: 1, z: 0 }, ...more })

/** A candidate whose threshold tells it from all others: it warns where `threshold` is at most the baseline's rate. */
export async function candidate({ registry, baseline }: World, threshold: number, run = `release/toy/${threshold}`) {
  const { manifest } = await registry.releases.get(baseline)
  const parameters = { ...manifest.actionPolicy.parameters, threshold }
  const changed: ReleaseManifest = { ...manifest, actionPolicy: { ...manifest.actionPolicy, parameters } }
  const { releaseId } = await registry.releases.register({ project: 'toy', manifest: changed, workflowId: run })
  return { releaseId, workflowId: run, digest: digestOf(changed) }
}

export const inputOf = (
  workflowId: string,
  more: Partial<ReleaseInput['trigger']> = {},
  clock?: ReleaseInput['clock'],
): ReleaseInput => ({
  trigger: {
    project: 'toy',
    id: workflowId.split('/')[2] ?? 'x',
    kind: 'cli',
    by: 'test',
    evidence: 'live',
    at: new Date().toISOString(),
    cutoff: new Date().toISOString(),
    parameters: {},
    ...more,
  },
  policy: toyPolicy,
  clock: clock ?? { eventStart: Date.now(), wallStart: Date.now(), speed: 1 },
})

/** Opens a canary as the workflow does: trigger, alias, step. */
export async function openCanary(
  { registry }: World,
  { releaseId, workflowId }: { releaseId: string; workflowId: string },
  weight: number,
  input = inputOf(workflowId),
): Promise<void> {
  await registry.ledger.append({
    project: 'toy',
    kind: 'trigger',
    subject: workflowId,
    key: `${workflowId}:trigger`,
    body: input,
  })
  await moveAlias(registry, {
    alias: 'canary',
    expected: null,
    to: releaseId,
    workflowId,
    key: `${workflowId}:canary:open`,
  })
  await setWeight(registry, workflowId, 0, weight)
}

export const setWeight = (registry: Registry, workflowId: string, step: number, weight: number) =>
  registry.ledger.append({
    project: 'toy',
    kind: 'canary_step',
    subject: workflowId,
    key: `${workflowId}:canary:step:${step}`,
    body: { phase: 'canary', step, weight, fromDay: 0 },
  })

export const moveAlias = (
  registry: Registry,
  move: {
    alias: 'production' | 'canary'
    expected: string | null
    to: string | null
    workflowId: string | null
    key: string
  },
) => registry.aliases.move({ project: 'toy', actor: 'test', reason: 'the test says so', evidence: null, ...move })

export async function promote(
  { registry, baseline }: World,
  { releaseId, workflowId }: { releaseId: string; workflowId: string },
): Promise<void> {
  const common = { project: 'toy', actor: workflowId, reason: 'non_inferior', workflowId, evidence: null }
  await registry.aliases.moveTogether([
    { ...common, alias: 'production', expected: baseline, to: releaseId, key: `${workflowId}:promote` },
    { ...common, alias: 'canary', expected: releaseId, to: null, key: `${workflowId}:canary:close` },
  ])
}

/** Rows of the decision log of all gateways. */
export async function logged({ databaseUrl }: Pick<World, 'databaseUrl'>): Promise<Map<string, LoggedRow>> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query<LoggedRow & { decision_id: string }>(
      'select decision_id, release_id, arm, source, workflow_id, stale from decisions',
    )
    const byId = new Map(rows.map((row) => [row.decision_id, row]))
    if (byId.size !== rows.length) throw new Error('an id stands in the log twice')
    return byId
  } finally {
    await client.end()
  }
}

export interface LoggedRow {
  readonly release_id: string
  readonly arm: string
  readonly source: string
  readonly workflow_id: string
  readonly stale: boolean
}

/** Sends requests, several at a time, until it is stopped; every answer and every failure is kept. */
export function keepAsking(urls: readonly string[], concurrency = 8) {
  const answered: { decisionId: string; releaseId: string; arm: string }[] = []
  const failed: string[] = []
  let going = true
  let next = 0
  const asking = Array.from({ length: concurrency }, async () => {
    while (going) {
      const index = next++
      const url = urls[index % urls.length] ?? ''
      try {
        const found = await answer(`${url}${DECISIONS}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(ask(`entity-${index}`)),
        })
        if (found.status === 200) answered.push(found.body as unknown as (typeof answered)[number])
        else failed.push(`${found.status} ${JSON.stringify(found.body)}`)
      } catch (error) {
        failed.push(String(error))
      }
    }
  })
  return {
    answered,
    failed,
    async stop() {
      going = false
      await Promise.all(asking)
    },
  }
}

export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await pause(5)) if (await holds()) return
  throw new Error(`waited 60 s for: ${what}`)
}

/** Until a gateway splits by this weight. */
export const weighs = (gateway: Gateway, basisPoints: number) =>
  until(`a weight of ${basisPoints}`, async () => {
    const { split } = (await gateway.get('/v1/projects/toy/aliases')).body as { split: { basisPoints: number } | null }
    return split?.basisPoints === basisPoints
  })
