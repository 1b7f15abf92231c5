/** A registry on its own database, artifacts in a temporary folder, and direct connections to that database. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { ReleaseManifest } from '../../contracts/types.js'
import { openRegistry, type Registry } from '../../registry/index.js'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { toyPolicy } from '../toy-project/policy.js'

export interface TestRegistry {
  readonly registry: Registry
  readonly url: string
  readonly artifactsFolder: string
  /** SQL as the user who owns the tables. */
  readonly owner: pg.Client
  /** SQL as the runtime role of the registry. */
  readonly app: pg.Client
  stop(): Promise<void>
}

/** @param database stopped together with the registry */
export async function testRegistry(database?: TestDatabase): Promise<TestRegistry> {
  const { url, stop } = database ?? (await testDatabase())
  const artifactsFolder = mkdtempSync(join(tmpdir(), 'slipway-artifacts-'))
  const closing: (() => unknown)[] = [stop, () => rmSync(artifactsFolder, { recursive: true, force: true })]
  const stopAll = async () => {
    for (const close of closing.reverse()) await close()
  }
  try {
    const registry = await openRegistry({ databaseUrl: url, artifactsFolder })
    closing.push(() => registry.close())
    const session = async () => {
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      closing.push(() => client.end())
      return client
    }
    const [owner, app] = [await session(), await session()]
    await app.query('set role slipway_app')
    return { registry, url, artifactsFolder, owner, app, stop: stopAll }
  } catch (error) {
    await stopAll()
    throw error
  }
}

/** Changes rows with triggers disabled, as an attacker with the owner's rights could. */
export async function changeWithoutTriggers(
  owner: pg.Client,
  statement: string,
  values: unknown[] = [],
): Promise<number> {
  await owner.query('set session_replication_role = replica')
  try {
    return (await owner.query(statement, values)).rowCount ?? 0
  } finally {
    await owner.query('set session_replication_role = origin')
  }
}

export const digest = (digit: string): string => `sha256:${digit.repeat(64)}`

/** A manifest of `project`; every threshold gives another release. */
export const manifestOf = (
  project: string,
  threshold: number,
  parts: Partial<ReleaseManifest> = {},
): ReleaseManifest => ({
  schema: 'slipway.release/1',
  project,
  snapshot: digest('a'),
  featureVersion: 'toy_features_v1',
  model: { artifact: digest('b'), format: 'toy-model/1', kind: 'network' },
  actionPolicy: { version: 'toy_warning_v1', parameters: { threshold } },
  gates: { version: 'toy_gates_v1', required: ['schema_valid'], thresholds: { schema_valid: 0.01 } },
  monitor: { version: 'toy_monitor_v1', signals: [] },
  promotionPolicy: toyPolicy,
  ...parts,
})

export async function releases(registry: Registry, project: string, count: number, at?: string): Promise<string[]> {
  const ids: string[] = []
  for (let number = 1; number <= count; number += 1) {
    const request = { project, manifest: manifestOf(project, number / 100), workflowId: `release/${project}/${number}` }
    ids.push((await registry.releases.register(at === undefined ? request : { ...request, at })).releaseId)
  }
  return ids
}
