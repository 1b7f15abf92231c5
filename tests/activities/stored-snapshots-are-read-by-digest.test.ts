/**
 * Data that were stored: imported on a machine that has no such path, checked, kept while they are used, and dropped
 * afterwards.
 */
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MockActivityEnvironment } from '@temporalio/testing'
import { DefaultLogger } from '@temporalio/worker'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Dependencies } from '../../activities/dependencies.js'
import { createImportSnapshot } from '../../activities/import-snapshot.js'
import type { Project } from '../../projects/project.js'
import { createArtifactStore } from '../../registry/index.js'
import { requireKnownSource } from '../../releases/sources/known-source.js'
import { createSources } from '../../releases/sources/open-sources.js'
import { storeSource } from '../../releases/sources/store-source.js'
import { apply, endRun, keeping, later, triggerOf } from '../registry/retention/retained-history.js'
import { type TestRegistry, testRegistry } from '../registry/test-registry.js'
import { appendAnything } from '../support/append-anything.js'
import { project } from '../toy-project/index.js'

let test: TestRegistry
let folder: string
beforeAll(async () => {
  test = await testRegistry()
  folder = mkdtempSync(join(tmpdir(), 'slipway-stored-'))
})
afterAll(async () => {
  await test?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const artifacts = () => createArtifactStore(test.artifactsFolder)
const store = async (path: string, name = 'toy') =>
  (
    await storeSource(
      { registry: test.registry, artifacts: artifacts(), workFolder: join(folder, 'packing') },
      { project: name, path, by: 'ana', most: 1e6 },
    )
  ).snapshot

function photos(name: string, content = 'a photo'): string {
  const path = join(folder, name)
  mkdirSync(join(path, 'below'), { recursive: true })
  writeFileSync(join(path, 'labels.csv'), 'file\nbelow/1.jpg\n')
  writeFileSync(join(path, 'below', '1.jpg'), content)
  return path
}

/** Where an artifact lies in the store of this test. */
const fileOf = (digest: string): string => {
  const hex = digest.slice('sha256:'.length)
  return join(test.artifactsFolder, 'sha256', hex.slice(0, 2), hex)
}

/** Imports as a worker does. @returns the path that the project was given, or the failure */
async function imported(
  source: string,
): Promise<{ path?: string; type?: string; nonRetryable?: boolean; message?: string }> {
  let path: string | undefined
  const reading: Project = {
    ...(project as Project),
    importSnapshot(request) {
      path = request.source
      return (project as Project).importSnapshot({ cutoff: request.cutoff, outFolder: request.outFolder })
    },
  }
  const deps: Dependencies = {
    registry: test.registry,
    artifacts: artifacts(),
    projects: new Map([['toy', reading]]),
    workFolder: folder,
    now: Date.now,
  }
  const run = { project: 'toy', workflowId: 'release/toy/stored', cutoff: '2001-02-01T00:00:00.000Z', source }
  const attempt = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') })
  return attempt.run(createImportSnapshot(deps), run).then(
    () => ({ path: path ?? '' }),
    (error: unknown) => error as object,
  )
}

it('a file and a folder keep their names and content where the path does not exist', async () => {
  const [file, tree] = [join(folder, 'flights.csv'), photos('photos')]
  writeFileSync(file, 'a,b\n')
  const [ofFile, ofFolder] = [await store(file), await store(tree)]
  expect(await store(tree)).toBe(ofFolder)
  rmSync(file)
  rmSync(tree, { recursive: true })

  const one = (await imported(ofFile)).path ?? ''
  expect(one).toMatch(/\/flights\.csv$/)
  expect(readFileSync(one, 'utf8')).toBe('a,b\n')
  const all = (await imported(ofFolder)).path ?? ''
  expect(all).toMatch(/\/photos$/)
  expect(readdirSync(all, { recursive: true }).map(String).sort()).toEqual(['below', 'below/1.jpg', 'labels.csv'])
  await requireKnownSource({ ...test, artifacts: artifacts() }, 'toy', ofFolder)
})

it('it is unpacked once a process, and again where the copy is gone', async () => {
  const digest = await store(photos('once'))
  const sources = createSources({ artifacts: artifacts(), workFolder: join(folder, 'reader') })
  const [first, second] = await Promise.all([sources.pathOf(digest), sources.pathOf(digest)])
  expect(first).toBe(second)
  rmSync(join(first, '..'), { recursive: true })
  // Of a process that was killed two days ago.
  const left = join(folder, 'reader', 'sources', 'left')
  mkdirSync(left)
  utimesSync(left, 0, Date.now() / 1000 - 2 * 86_400)
  const third = await sources.pathOf(digest)
  expect(third).not.toBe(first)
  expect(existsSync(left)).toBe(false)
  expect(existsSync(join(third, 'labels.csv'))).toBe(true)
  expect(await sources.pathOf('/a/path')).toBe('/a/path')
})

it('missing or damaged bytes, and artifacts that are no snapshot, end the release with a clear error', async () => {
  const missing = await store(photos('missing', 'gone'))
  rmSync(fileOf(missing), { force: true })
  const damaged = await store(photos('damaged', 'changed'))
  chmodSync(fileOf(damaged), 0o644)
  appendFileSync(fileOf(damaged), 'more')
  const other = await artifacts().putBytes(Buffer.from('a model'))
  for (const [digest, says] of [
    [missing, /missing from the store; add it again/],
    [damaged, /contains other bytes.*add it again/],
    [other, /the tar file cannot be used/],
  ] as const)
    expect(await imported(digest)).toMatchObject({ type: 'BadData', message: says })
})

it('a release that names one which was never added, or is gone, is not started', async () => {
  const needs = { ...test, artifacts: artifacts() }
  const known = (digest: string, name = 'toy') => requireKnownSource(needs, name, digest)
  const digest = await store(photos('of-toy', 'toy only'))
  await expect(known('sha256:abc')).rejects.toThrow(/is not a digest/)
  await expect(known(`sha256:${'0'.repeat(64)}`)).rejects.toThrow(/no snapshot .* was added for toy/)
  await expect(known(digest, 'other')).rejects.toThrow(/was added for other; add it with: slipway snapshot add other/)
  rmSync(fileOf(digest), { force: true })
  await expect(known(digest)).rejects.toThrow(/missing from the artifact store/)
})

it('retention keeps one that an open run reads, and one that was added lately; the others are dropped, and can be added again', async () => {
  const [used, unused] = [await store(photos('used', 'u'), 'held'), await store(photos('unused', 'n'), 'held')]
  const run = 'release/held/reads'
  const trigger = triggerOf('held', run)
  await appendAnything(test.registry, {
    ...trigger,
    body: { ...trigger.body, trigger: { ...trigger.body.trigger, source: used } },
  })
  const after = await later(test)
  try {
    const prune = () => after.retention.prune({ ...keeping('held', 1), apply })
    expect((await test.registry.retention.prune(keeping('held', 1))).artifacts).toEqual([])
    await prune()
    // The run is open and has no release yet: it may be writing the same bytes again, so nothing is dropped.
    expect([used, unused].map((digest) => existsSync(fileOf(digest)))).toEqual([true, true])

    await endRun(test.registry, 'held', run)
    // Added again, as of later: that keeps it.
    const path = join(folder, 'unused')
    const again = { registry: after, artifacts: artifacts(), workFolder: join(folder, 'packing') }
    await storeSource(again, { project: 'held', path, by: 'ana', most: 1e6 })
    await prune()
    expect([used, unused].map((digest) => existsSync(fileOf(digest)))).toEqual([false, true])
    const { problems, dropped } = await after.ledger.verify()
    expect(problems.filter((problem) => problem.project === 'held')).toEqual([])
    expect(dropped.filter((one) => one.project === 'held').map(({ what }) => what)).toEqual([
      expect.stringContaining(used) as string,
    ])
    const needs = { registry: after, artifacts: artifacts() }
    await expect(requireKnownSource(needs, 'held', used)).rejects.toThrow(/was dropped by policy on .*add it with/)
    // Adding it once more makes it usable.
    await storeSource(again, { project: 'held', path: join(folder, 'used'), by: 'ana', most: 1e6 })
    await requireKnownSource(needs, 'held', used)
    // It belongs to no run.
    const { rows } = await test.owner.query("select workflow_id from runs where project = 'held'")
    expect(rows).toEqual([{ workflow_id: run }])
  } finally {
    await after.close()
  }
})
