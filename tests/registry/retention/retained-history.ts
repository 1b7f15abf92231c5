/** Builds a project's history in a registry: releases with their own bytes, open and ended runs, and old days. */
import { digestOf } from '../../../contracts/canonical.js'
import { DAY_MS, utcDay } from '../../../contracts/duration.js'
import type { RetentionPolicy } from '../../../contracts/types.js'
import { createArtifactStore, openRegistry, type Registry } from '../../../registry/index.js'
import { appendAnything } from '../../support/append-anything.js'
import { toyPolicy } from '../../toy-project/policy.js'
import { changeWithoutTriggers, manifestOf, type TestRegistry } from '../test-registry.js'

export const apply = { by: 'ana', reason: 'the yearly clearing' }

/** Half a year after the history was written. */
export const LATER_DAYS = 180

export const later = (test: TestRegistry, days = LATER_DAYS): Promise<Registry> =>
  openRegistry({ databaseUrl: test.url, artifactsFolder: test.artifactsFolder, now: () => Date.now() + days * DAY_MS })

export const keeping = (
  project: string,
  keepReleases: number,
  more: Partial<RetentionPolicy> = {},
): { policies: ReadonlyMap<string, RetentionPolicy> } => ({
  policies: new Map([[project, { decisions: '60d', artifacts: { keepReleases, keepFor: '30d' }, ...more }]]),
})

export interface Made {
  readonly releaseId: string
  readonly workflowId: string
  readonly model: string
  readonly data: string
  readonly printed: string
}

export const triggerOf = (project: string, workflowId: string) => ({
  project,
  kind: 'trigger' as const,
  subject: workflowId,
  key: `${workflowId}:trigger`,
  body: {
    trigger: { project, id: workflowId, kind: 'cli', by: 'test', parameters: {} },
    policy: toyPolicy,
    clock: { eventStart: 0, wallStart: 0, speed: 1 },
  },
})

export const endRun = (registry: Registry, project: string, workflowId: string) =>
  appendAnything(registry, {
    project,
    kind: 'verdict',
    subject: workflowId,
    key: `${workflowId}:verdict`,
    body: { verdict: 'held', reason: 'hold:no_leakage' },
  })

/** Entries and artifacts of a run up to its evaluation. */
export async function trainRun(test: TestRegistry, project: string, number: number): Promise<Made> {
  const { registry, artifactsFolder } = test
  const store = createArtifactStore(artifactsFolder)
  const workflowId = `release/${project}/${number}`
  await appendAnything(registry, triggerOf(project, workflowId))
  const put = (what: string) => store.putBytes(Buffer.from(`${what} ${number} of ${project}`))
  const [data, model, printed] = [await put('rows'), await put('model'), await put('output')]
  const snapshot = { schema: 'slipway.snapshot/1', project, data }
  const digest = digestOf(snapshot)
  const append = (kind: 'snapshot' | 'training_run' | 'evaluation', body: object) =>
    appendAnything(registry, { project, kind, subject: workflowId, key: `${workflowId}:${kind}`, body })
  await append('snapshot', { digest, manifest: snapshot })
  await append('training_run', { artifact: model, snapshot: digest, output: { artifact: printed, bytes: 9, tail: '' } })
  const parts = { snapshot: digest, model: { artifact: model, format: 'toy/1', kind: 'rates' } }
  const manifest = manifestOf(project, number / 100, parts)
  const { releaseId } = await registry.releases.register({ project, manifest, workflowId })
  const production = (await registry.aliases.current(project)).production
  await append('evaluation', { releaseId, production, decision: 'canary_open' })
  return { releaseId, workflowId, model, data, printed }
}

export async function endedRun(test: TestRegistry, project: string, number: number): Promise<Made> {
  const made = await trainRun(test, project, number)
  await endRun(test.registry, project, made.workflowId)
  return made
}

export async function promote(registry: Registry, project: string, to: string, key = `${to}:promote`): Promise<void> {
  const expected = (await registry.aliases.current(project)).production
  await registry.aliases.move({
    project,
    alias: 'production',
    expected,
    to,
    actor: 'test',
    reason: 'test',
    workflowId: null,
    evidence: null,
    key,
  })
}

export const artifactsThatAreThere = async (test: TestRegistry, made: readonly Made[]): Promise<string[]> => {
  const store = createArtifactStore(test.artifactsFolder)
  const names: string[] = []
  for (const { releaseId, ...artifacts } of made)
    for (const what of ['model', 'data', 'printed'] as const)
      if ((await store.size(artifacts[what])) !== null) names.push(`${what} of ${releaseId}`)
  return names
}

export const daysAgo = (days: number): string => utcDay(Date.now() - days * DAY_MS)

/** Inserts rows as they would have been written on that day; the registry opens no partitions for past days. */
export async function writtenOn(
  { owner }: Pick<TestRegistry, 'owner'>,
  day: string,
  rows: { project: string; decisions?: readonly string[]; outcomes?: readonly string[] },
): Promise<void> {
  const part = (table: string) => `${table}_${day.replaceAll('-', '')}`
  for (const table of ['decisions', 'outcomes', 'early_labels']) {
    const { rows: known } = await owner.query('select to_regclass($1) as name', [part(table)])
    if (known[0]?.name) continue
    await owner.query(`create table ${part(table)} (like ${table} including defaults including constraints)`)
    await owner.query(
      `alter table ${table} attach partition ${part(table)} for values from ('${day}') to ('${utcDay(Date.parse(day) + DAY_MS)}')`,
    )
  }
  // Only a test writes on a past day, so it may be finished.
  await changeWithoutTriggers(owner, 'delete from finished_days')
  for (const id of rows.decisions ?? [])
    await owner.query(
      `insert into decisions (project, decision_id, workflow_id, release_id, arm, source, entity_hash, event_at, output, action, stale, written_day)
       values ($1, $2, '', 'toy_v1', 'production', 'live', 'e', $3::date, '{}', 'warn', false, $3::date)`,
      [rows.project, id, day],
    )
  for (const id of rows.outcomes ?? [])
    await owner.query(
      `insert into outcomes (project, decision_id, version, label, loss, observed_at, written_day, workflow_id)
       values ($1, $2, 1, '1', 0, $3::date, $3::date, '')`,
      [rows.project, id, day],
    )
}
