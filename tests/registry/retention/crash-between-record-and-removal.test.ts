import { afterAll, beforeAll, expect, it } from 'vitest'
import { DAY_MS } from '../../../contracts/duration.js'
import { droppedArtifactsIn } from '../../../contracts/ledger/index.js'
import { connect, type Database } from '../../../registry/database/connect.js'
import { createArtifactStore, type Registry } from '../../../registry/index.js'
import { dropArtifacts } from '../../../registry/retention/drop-artifacts.js'
import { createLedgerView } from '../../../registry/retention/lock-ledgers.js'
import { appendAnything } from '../../support/append-anything.js'
import { eventually } from '../../support/steer.js'
import { type TestRegistry, testRegistry } from '../test-registry.js'
import {
  apply,
  artifactsThatAreThere,
  endedRun,
  endRun,
  keeping,
  LATER_DAYS,
  later,
  promote,
  triggerOf,
} from './retained-history.js'

let test: TestRegistry
let registry: Registry
let db: Database
beforeAll(async () => {
  test = await testRegistry()
  registry = await later(test)
  db = connect(test.url, { role: null, size: 2 })
})
afterAll(async () => {
  await db?.destroy()
  await registry?.close()
  await test?.stop()
})

/** Records the dropped artifacts and fails after the given number of removals. */
async function crashesAfter(project: string, removals: number): Promise<void> {
  const store = createArtifactStore(test.artifactsFolder)
  let left = removals
  const failing = {
    ...store,
    remove: async (digest: string) => {
      if (left === 0) throw new Error('killed')
      left -= 1
      await store.remove(digest)
    },
  }
  const needs = { db, store: failing, now: () => Date.now() + LATER_DAYS * DAY_MS, view: createLedgerView() }
  await expect(dropArtifacts(needs, { ...keeping(project, 1), apply })).rejects.toThrow('killed')
}

it.each([0, 1, 2])(
  'after %i removals nothing counts as damaged, and the next run finishes the removal',
  async (removals) => {
    const project = `crash-${removals}`
    const made = [await endedRun(test, project, 1), await endedRun(test, project, 2)]
    await crashesAfter(project, removals)
    expect(await artifactsThatAreThere(test, made)).toHaveLength(6 - removals)
    expect((await registry.ledger.verify()).problems).toEqual([])
    // An artifact recorded as dropped cannot be used again, even while its bytes still exist.
    await expect(promote(registry, project, `${project}_v1`)).rejects.toThrow('dropped by policy')

    const dry = await registry.retention.prune(keeping(project, 1))
    expect(dry).toMatchObject({ artifacts: [] })
    expect(dry.unfinished).toHaveLength(3 - removals)
    expect((await registry.retention.prune({ ...keeping(project, 1), apply })).unfinished).toEqual(dry.unfinished)
    expect(await artifactsThatAreThere(test, made)).toHaveLength(3)
    expect(await registry.ledger.entries(project, { kind: 'dropped' })).toHaveLength(1)
    expect((await registry.ledger.verify()).problems).toEqual([])
  },
)

it('bytes that a later run writes again are not removed, and count as recorded again', async () => {
  const made = [await endedRun(test, 'again', 1), await endedRun(test, 'again', 2)]
  const model = made[0]?.model ?? ''
  await crashesAfter('again', 0)
  const workflowId = 'release/again/3'
  await appendAnything(registry, triggerOf('again', workflowId))
  const store = createArtifactStore(test.artifactsFolder)
  expect(await store.putBytes(Buffer.from('model 1 of again'))).toBe(model)
  // The bytes are written, but no entry names them yet.
  await registry.retention.prune({ ...keeping('again', 1), apply })
  await store.verify(model)
  await appendAnything(registry, {
    project: 'again',
    kind: 'training_run',
    subject: workflowId,
    key: `${workflowId}:training`,
    body: { artifact: model, output: null },
  })
  expect(await registry.retention.artifactState(model)).toEqual({ state: 'recorded' })
  await endRun(registry, 'again', workflowId)
  await registry.retention.prune({ ...keeping('again', 1), apply })
  await store.verify(model)
  expect(await artifactsThatAreThere(test, made)).toEqual([
    'model of again_v1',
    ...['model', 'data', 'printed'].map((what) => `${what} of again_v2`),
  ])
  await promote(registry, 'again', 'again_v1')
  expect((await registry.aliases.current('again')).production).toBe('again_v1')
})

it('concurrent prunes drop every artifact once', async () => {
  for (const number of [1, 2, 3]) await endedRun(test, 'twice', number)
  const other = await later(test)
  try {
    const request = { ...keeping('twice', 1), apply }
    const reports = await Promise.all([
      registry.retention.prune(request),
      other.retention.prune(request),
      registry.retention.prune(request),
    ])
    expect(reports.map(({ artifacts }) => artifacts.length).sort()).toEqual([0, 0, 6])
    const entries = await registry.ledger.entries('twice', { kind: 'dropped' })
    expect(entries.map(({ body }) => droppedArtifactsIn(body).length)).toEqual([6])
    expect((await registry.ledger.verify()).problems).toEqual([])
  } finally {
    await other.close()
  }
})

it('while a slow store removes bytes, everything but the start of a run continues', async () => {
  const project = 'slow'
  await endedRun(test, project, 1)
  await endedRun(test, project, 2)
  const store = createArtifactStore(test.artifactsFolder)
  const done: string[] = []
  let started: Promise<unknown> | undefined
  const slow = {
    ...store,
    remove: async (digest: string) => {
      if (started === undefined) {
        await promote(registry, project, `${project}_v2`)
        done.push('promoted')
        started = appendAnything(registry, triggerOf(project, `release/${project}/next`)).then(() =>
          done.push('started'),
        )
        // The start waits for a lock of the database, as anyone can see there.
        await eventually('the start waits', async () => (await waiting()) > 0)
      }
      await store.remove(digest)
      done.push('removed')
    },
  }
  const needs = { db, store: slow, now: () => Date.now() + LATER_DAYS * DAY_MS, view: createLedgerView() }
  await dropArtifacts(needs, { ...keeping(project, 1), apply })
  await started
  expect(done).toEqual(['promoted', 'removed', 'removed', 'removed', 'started'])
})

const waiting = async (): Promise<number> => {
  const { rows } = await test.owner.query(
    `select count(*)::int as n from pg_locks where locktype = 'advisory' and not granted`,
  )
  return rows[0].n
}
