/** A user who disables the triggers and changes rows is detected by `verify`. Each case has its own project. */

import { chmod, mkdir, rm, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createArtifactStore, type Problem } from '../../registry/index.js'
import { appendAnything } from '../support/append-anything.js'
import { changeWithoutTriggers, digest, manifestOf, type TestRegistry, testRegistry } from './test-registry.js'

let test: TestRegistry

beforeAll(async () => {
  test = await testRegistry()
})
afterAll(() => test?.stop())

async function appendEntries(project: string, length = 10): Promise<void> {
  for (let number = 1; number <= length; number += 1) {
    const body = { number, cost: number / 3 }
    await appendAnything(test.registry, {
      project,
      kind: 'judgement',
      subject: `release/${project}/1`,
      key: `j${number}`,
      body,
    })
  }
}

async function problemsOf(project: string): Promise<Problem[]> {
  return (await test.registry.ledger.verify()).problems.filter((problem) => problem.project === project)
}

it('an unchanged ledger has no problems, also when it is longer than a page', async () => {
  await appendEntries('whole', 501)
  const found = await test.registry.ledger.verify()
  expect(found).toMatchObject({ entries: 501, problems: [] })
})

/** Sequence numbers are unique, so swapped entries first get numbers above this one; the test subtracts it again. */
const DETOUR = 1_000
const CASES: [name: string, statement: string, named: readonly [seq: number, what: RegExp][]][] = [
  ['altered_body', `update chain_entries set body = '{"cost":0,"number":5}' where seq = 5`, [[5, /altered: "j5"/]]],
  ['altered_space', `update chain_entries set body = body || ' ' where seq = 5`, [[5, /altered: "j5"/]]],
  ['altered_time', `update chain_entries set at = at - interval '1 day' where seq = 5`, [[5, /altered: "j5"/]]],
  [
    'altered_hash',
    `update chain_entries set hash = 'sha256:0' where seq = 5`,
    [
      [5, /altered: "j5"/],
      [6, /does not follow/],
    ],
  ],
  ['altered_newest', `update chain_entries set body = '{}' where seq = 10`, [[10, /altered: "j10"/]]],
  ['removed_first', 'delete from chain_entries where seq = 1', [[1, /one entry is missing before 2/]]],
  ['removed_middle', 'delete from chain_entries where seq between 5 and 6', [[5, /2 entries are missing before 7/]]],
  ['removed_newest', 'delete from chain_entries where seq = 10', [[10, /removed: the newest entry was 10, .* is 9/]]],
  ['removed_all', 'delete from chain_entries where seq > 0', [[1, /removed: the newest entry was 10, .* is 0/]]],
  [
    'swapped',
    `update chain_entries set seq = ${DETOUR} + 11 - seq where seq in (4, 7)`,
    [
      [4, /altered: "j7"/],
      [4, /does not follow/],
      [5, /does not follow/],
      [7, /altered: "j4"/],
      [7, /does not follow/],
      [8, /does not follow/],
    ],
  ],
]

it.each(CASES)('%s', async (project, statement, named) => {
  await appendEntries(project)
  expect(await changeWithoutTriggers(test.owner, `${statement} and project = $1`, [project])).toBeGreaterThan(0)
  await changeWithoutTriggers(test.owner, `update chain_entries set seq = seq - ${DETOUR} where seq > ${DETOUR}`)
  const problems = await problemsOf(project)
  expect(problems.map(({ seq }) => seq)).toEqual(named.map(([seq]) => seq))
  for (const [index, [, what]] of named.entries()) expect(problems[index]?.what).toMatch(what)
})

it('a head that was moved or removed is found', async () => {
  await appendEntries('head_back')
  await changeWithoutTriggers(test.owner, `update chain_heads set seq = 9 where project = 'head_back'`)
  expect(await problemsOf('head_back')).toMatchObject([{ seq: 10, what: 'the newest entry should be 9' }])
  await changeWithoutTriggers(test.owner, `delete from chain_heads where project = 'head_back'`)
  expect(await problemsOf('head_back')).toMatchObject([{ seq: 10, what: 'the record of the newest entry is missing' }])
})

it('artifact bytes that were changed, lost or replaced by a folder are found', async () => {
  const store = createArtifactStore(test.artifactsFolder)
  const artifact = await store.putBytes(Buffer.from('weights'))
  const manifest = manifestOf('bytes', 0.5, { model: { artifact, format: 'toy-model/1', kind: 'network' } })
  await test.registry.releases.register({ project: 'bytes', manifest, workflowId: 'release/bytes/1' })
  const named = async () =>
    (await problemsOf('bytes')).map(({ what }) => what).filter((what) => what.includes(artifact))
  expect(await named()).toEqual([])

  const path = await store.path(artifact)
  await chmod(path, 0o644)
  await writeFile(path, 'weightz')
  expect(await named()).toEqual([expect.stringContaining('contains other bytes')])
  await rm(path)
  expect(await named()).toEqual([expect.stringContaining('is missing from the store')])
  await mkdir(path)
  expect(await named()).toEqual([expect.stringContaining('cannot be read')])
})

it('an altered manifest and a release without its snapshot are found', async () => {
  const manifest = manifestOf('rests', 0.5, { snapshot: digest('c') })
  await test.registry.releases.register({ project: 'rests', manifest, workflowId: 'release/rests/1' })
  expect((await problemsOf('rests')).map(({ what }) => what)).toContainEqual(
    `the release uses snapshot ${manifest.snapshot}, which is not recorded`,
  )
  const lowered = `update chain_entries set body = replace(body, '"threshold":0.5', '"threshold":0.1') where project = 'rests'`
  expect(await changeWithoutTriggers(test.owner, lowered)).toBe(1)
  const problems = (await problemsOf('rests')).map(({ what }) => what)
  expect(problems).toContainEqual(expect.stringMatching(/^altered: "release:sha256:/))
  expect(problems).toContainEqual(expect.stringMatching(/^the manifest of release sha256:.* has digest sha256:/))
  await expect(test.registry.releases.get('rests_v1')).rejects.toMatchObject({ type: 'ArtifactMismatch' })
})
