/** A step that is retried after a lost answer must not be recorded twice or with other content. */

import { afterAll, beforeAll, expect, it } from 'vitest'
import { type AnyEntry, appendAnything } from '../support/append-anything.js'
import { manifestOf, type TestRegistry, testRegistry } from './test-registry.js'

let test: TestRegistry

beforeAll(async () => {
  test = await testRegistry()
})
afterAll(() => test?.stop())

const entry = (project: string): AnyEntry => ({
  project,
  kind: 'evaluation',
  subject: `release/${project}/1`,
  key: 'evaluation/1',
  body: { gates: { schema_valid: true, cost_improves: false }, cost: 0.1 },
})

it('the same key and content return the existing entry, also later and with another order of keys', async () => {
  const first = await appendAnything(test.registry, { ...entry('again'), at: '2026-01-03T10:00:00Z' })
  const body = { cost: 0.1, gates: { cost_improves: false, schema_valid: true } }
  expect(await appendAnything(test.registry, { ...entry('again'), body, at: '2026-01-04T10:00:00Z' })).toEqual(first)
  expect(await test.registry.ledger.entries('again')).toEqual([first])
})

it.each([
  ['body', { body: { gates: {}, cost: 0.1 } }],
  ['kind', { kind: 'judgement' as const }],
  ['subject', { subject: 'release/taken/2' }],
])('another %s under an existing key is refused, and nothing is written', async (_part, change) => {
  const first = await appendAnything(test.registry, entry('taken'))
  await expect(appendAnything(test.registry, { ...entry('taken'), ...change })).rejects.toMatchObject({
    type: 'BadRequest',
    message: expect.stringContaining('"evaluation/1" is already recorded') as string,
  })
  expect(await test.registry.ledger.entries('taken')).toEqual([first])
})

it('concurrent appends of the same entry make one entry', async () => {
  const all = await Promise.all(Array.from({ length: 12 }, () => appendAnything(test.registry, entry('at_once'))))
  expect(new Set(all.map(({ hash }) => hash)).size).toBe(1)
  expect(await test.registry.ledger.entries('at_once')).toHaveLength(1)
})

it('the same key in another project is another entry', async () => {
  const one = await appendAnything(test.registry, entry('left'))
  const two = await appendAnything(test.registry, entry('right'))
  expect([one.seq, two.seq]).toEqual([1, 1])
  expect(one.hash).not.toBe(two.hash)
})

it('the same manifest is the same release, whichever run registers it', async () => {
  const register = (run: number) =>
    test.registry.releases.register({
      project: 'same',
      manifest: manifestOf('same', 0.5),
      workflowId: `release/same/${run}`,
    })
  const all = await Promise.all([1, 2, 3, 4, 5, 6].map(register))
  expect(new Set(all.map(({ releaseId }) => releaseId))).toEqual(new Set(['same_v1']))
  const other = await test.registry.releases.register({
    project: 'same',
    manifest: manifestOf('same', 0.6),
    workflowId: 'release/same/1',
  })
  expect(other.releaseId).toBe('same_v2')
  expect(await test.registry.ledger.entries('same')).toHaveLength(2)
})

it('a retried move is not compared with later moves', async () => {
  const { releaseId } = await test.registry.releases.register({
    project: 'moved',
    manifest: manifestOf('moved', 0.5),
    workflowId: 'release/moved/1',
  })
  const by = {
    project: 'moved',
    alias: 'canary',
    actor: 'test',
    reason: 'retry',
    workflowId: null,
    evidence: null,
  } as const
  const open = { ...by, expected: null, to: releaseId, key: 'open' }
  const first = await test.registry.aliases.move(open)
  await test.registry.aliases.move({ ...by, expected: releaseId, to: null, key: 'close' })
  expect(await test.registry.aliases.move(open)).toEqual(first)
  expect(await test.registry.aliases.current('moved')).toEqual({ production: null, canary: null })
})

it('a batch of decisions and outcomes sent again adds nothing and changes nothing', async () => {
  const decision = {
    decisionId: 'd1',
    workflowId: 'w',
    releaseId: 'r',
    arm: 'canary',
    entityHash: 'e',
    output: {},
  } as const
  const rows = [{ ...decision, eventAt: 0, action: 'warn' }]
  expect(await test.registry.evidence.recordDecisions('twice', [...rows, ...rows])).toBe(1)
  expect(await test.registry.evidence.recordDecisions('twice', [{ ...decision, eventAt: 5, action: 'other' }])).toBe(0)
  expect(await test.registry.evidence.latestDecision('twice', 'w')).toBe(0)
  const label = { decisionId: 'd1', version: 1, label: 1, loss: 5, observedAt: 1 }
  expect(await test.registry.evidence.recordOutcomes('twice', [label])).toBe(1)
  expect(
    await test.registry.evidence.recordOutcomes('twice', [
      { ...label, loss: 9 },
      { ...label, version: 2 },
    ]),
  ).toBe(1)
})
