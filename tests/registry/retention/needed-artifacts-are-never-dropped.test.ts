import { afterAll, beforeAll, expect, it } from 'vitest'
import { createArtifactStore, type Registry } from '../../../registry/index.js'
import { appendAnything } from '../../support/append-anything.js'
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
  trainRun,
  triggerOf,
} from './retained-history.js'

let test: TestRegistry
let registry: Registry
beforeAll(async () => {
  test = await testRegistry()
  registry = await later(test)
})
afterAll(async () => {
  await registry?.close()
  await test?.stop()
})

const wholeOf = (ids: readonly string[]) =>
  ids.flatMap((id) => ['model', 'data', 'printed'].map((what) => `${what} of ${id}`))

it('models and data of production, of the last productions and of the newest releases are kept, all others dropped', async () => {
  const made = []
  for (const number of [1, 2, 3, 4, 5, 6, 7]) made.push(await endedRun(test, 'kept', number))
  for (const id of ['kept_v1', 'kept_v2', 'kept_v4']) await promote(test.registry, 'kept', id)
  const request = keeping('kept', 2)

  const dry = await registry.retention.prune(request)
  expect(dry).toMatchObject({ applied: false, unfinished: [] })
  expect(await artifactsThatAreThere(test, made)).toHaveLength(21)
  expect(await registry.ledger.entries('kept', { kind: 'dropped' })).toEqual([])

  const done = await registry.retention.prune({ ...request, apply })
  // v4 is production and v2 was before it; v6 and v7 are the newest.
  expect(await artifactsThatAreThere(test, made)).toEqual(wholeOf(['kept_v2', 'kept_v4', 'kept_v6', 'kept_v7']))
  expect(done.artifacts).toEqual(dry.artifacts)
  expect(done.artifacts).toHaveLength(9)
  expect(done.artifacts.every(({ bytes }) => bytes !== null && bytes > 0)).toBe(true)
  expect(done.kept.map(({ why }) => why)).toEqual(
    expect.arrayContaining(['kept_v4 is production', 'one of the last 2 releases', 'one of the last 2 in production']),
  )
  const [entry, ...others] = await registry.ledger.entries('kept', { kind: 'dropped' })
  expect(others).toEqual([])
  expect(entry?.body).toMatchObject({ ...apply, policy: { keepReleases: 2, keepFor: '30d' } })

  const again = await registry.retention.prune({ ...request, apply })
  expect(again).toMatchObject({ artifacts: [], unfinished: [] })
  expect(await registry.ledger.entries('kept', { kind: 'dropped' })).toHaveLength(1)
  // Reported as dropped: neither a problem nor verified.
  const { problems, dropped } = await registry.ledger.verify()
  expect(problems).toEqual([])
  expect(dropped.filter(({ project }) => project === 'kept')).toHaveLength(9)
  expect(dropped[0]?.what).toMatch(/^artifact dropped by policy on 20\S+Z, digest sha256:[0-9a-f]{64}$/)
})

it('a rollback to a release whose model was dropped is refused, and production does not move', async () => {
  const made = []
  for (const number of [1, 2, 3]) made.push(await endedRun(test, 'back', number))
  for (const id of ['back_v1', 'back_v2', 'back_v3']) await promote(test.registry, 'back', id)
  await registry.retention.prune({ ...keeping('back', 1), apply })
  expect(await registry.retention.artifactState(made[0]?.model ?? '')).toMatchObject({
    state: 'dropped',
    ...apply,
    project: 'back',
  })
  await expect(promote(registry, 'back', 'back_v1', 'rollback')).rejects.toMatchObject({
    type: 'BadRequest',
    message: expect.stringMatching(
      /"back_v1" cannot answer any more: its model was dropped by policy on .* by ana \(the yearly clearing\)/,
    ),
  })
  expect((await registry.aliases.current('back')).production).toBe('back_v3')
})

it('an open run keeps its candidate, its data and its reference release, however old they are', async () => {
  const made = []
  for (const number of [1, 2, 3]) made.push(await endedRun(test, 'open', number))
  await promote(test.registry, 'open', 'open_v1')
  const candidate = await trainRun(test, 'open', 4)
  // In probation: the candidate is production, and v1 has the holdback.
  await promote(test.registry, 'open', candidate.releaseId)
  for (const number of [5, 6]) made.push(await endedRun(test, 'open', number))
  const request = { ...keeping('open', 1), apply }
  const all = [...made, candidate].sort((a, b) => (a.releaseId < b.releaseId ? -1 : 1))
  await registry.retention.prune(request)
  expect(await artifactsThatAreThere(test, all)).toEqual(wholeOf(['open_v1', 'open_v4', 'open_v6']))
  await endRun(test.registry, 'open', candidate.workflowId)
  await registry.retention.prune(request)
  expect(await artifactsThatAreThere(test, all)).toEqual(wholeOf(['open_v4', 'open_v6']))
})

it('recently named artifacts are kept, and so are all of a project that is not loaded or keeps them forever', async () => {
  const made = []
  for (const number of [1, 2]) made.push(await endedRun(test, 'young', number))
  const longer = { artifacts: { keepReleases: 1, keepFor: `${LATER_DAYS + 5}d` } }
  for (const request of [
    keeping('young', 1, longer),
    keeping('young', 1, { artifacts: { keepReleases: 1, keepFor: 'forever' } }),
    { policies: new Map() },
  ]) {
    const { artifacts } = await registry.retention.prune({ ...request, apply })
    expect(artifacts).toEqual([])
  }
  expect(await artifactsThatAreThere(test, made)).toHaveLength(6)
})

it('bytes that two projects use are kept while one of them needs them', async () => {
  const store = createArtifactStore(test.artifactsFolder)
  const shared = await store.putBytes(Buffer.from('the same weights'))
  for (const project of ['twin-a', 'twin-b']) {
    const workflowId = `release/${project}/0`
    await appendAnything(test.registry, {
      project,
      kind: 'training_run',
      subject: workflowId,
      key: 'shared',
      body: { artifact: shared, output: null },
    })
    await endedRun(test, project, 1)
  }
  const [a, b] = [keeping('twin-a', 1).policies, keeping('twin-b', 1).policies]
  await registry.retention.prune({ policies: a, apply })
  expect(await store.size(shared)).not.toBeNull()
  // Pruning one project alone does not drop artifacts that the other one shares.
  await registry.retention.prune({ policies: new Map([...a, ...b]), project: 'twin-a', apply })
  expect(await store.size(shared)).not.toBeNull()
  await registry.retention.prune({ policies: new Map([...a, ...b]), apply })
  expect(await store.size(shared)).toBeNull()
  for (const project of ['twin-a', 'twin-b'])
    expect(await registry.retention.artifactState(shared, project)).toMatchObject({ state: 'dropped', project })
})

it('nothing is dropped while a run of the project has no candidate yet: it may write the same bytes again', async () => {
  const made = []
  for (const number of [1, 2]) made.push(await endedRun(test, 'early', number))
  await appendAnything(test.registry, triggerOf('early', 'release/early/3'))
  const { kept } = await registry.retention.prune({ ...keeping('early', 1), apply })
  expect(kept).toContainEqual({ why: 'release/early/3 may be writing the same bytes again', artifacts: 3 })
  expect(await artifactsThatAreThere(test, made)).toHaveLength(6)
})
