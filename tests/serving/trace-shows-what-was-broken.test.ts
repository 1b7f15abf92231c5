import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { digestOf } from '../../contracts/canonical.js'
import type { Trace } from '../../serving/index.js'
import { changeWithoutTriggers } from '../registry/test-registry.js'
import { appendAnything } from '../support/append-anything.js'
import {
  ask,
  candidate,
  DECISIONS,
  type Gateway,
  inputOf,
  moveAlias,
  OUTCOMES,
  openCanary,
  openWorld,
  type World,
  weighs,
} from './support.js'

let world: World
let gateway: Gateway
let owner: pg.Client
let releaseId: string
const workflowId = 'release/toy/rolled-back'

/** A canary with a decision in it, judged, rolled back, and long forgotten by the aliases. */
beforeAll(async () => {
  world = await openWorld()
  gateway = await world.gateway()
  owner = new pg.Client({ connectionString: world.databaseUrl })
  await owner.connect()
  const run = await candidate(world, 0.2, workflowId)
  releaseId = run.releaseId
  const { registry } = world
  await openCanary(world, run, 9_000, inputOf(workflowId))
  const { manifest } = await registry.releases.get(releaseId)
  const append = (kind: 'evaluation' | 'judgement' | 'training_run' | 'verdict', body: object) =>
    appendAnything(registry, { project: 'toy', kind, subject: workflowId, key: `${workflowId}:${kind}`, body })
  await append('training_run', {
    snapshot: manifest.snapshot,
    artifact: manifest.model.artifact,
    code: 'sha256:1',
    seed: 1,
  })
  const report = {
    candidate: run.digest,
    gates: [{ name: 'schema_valid', passed: true, value: 1, threshold: 1, detail: 'x' }],
  }
  await append('evaluation', {
    releaseId,
    production: world.baseline,
    decision: 'canary_open',
    digest: digestOf(report),
    report,
  })
  const numbers = {
    asOf: '2026-01-01T00:00:00.000Z',
    mature: { challenger: 1, reference: 1 },
    interval: [0.1, 0.2],
    effect: 0.15,
  }
  await append('judgement', {
    phase: 'canary',
    evidence: 'sha256:2',
    judgement: { action: 'rollback', reason: 'harm', numbers },
  })
  await weighs(gateway, 9_000)
  let arm = ''
  for (let index = 0; arm !== 'canary'; index += 1) {
    const asked = ask(`entity-${index}`, { decisionId: `traced-${index}` })
    arm = String((await gateway.post(DECISIONS, asked)).body.arm)
    if (arm === 'canary') traced = `traced-${index}`
  }
  await gateway.post(OUTCOMES, [{ decisionId: traced, label: 1, observedAt: new Date().toISOString() }])
  await moveAlias(registry, {
    alias: 'canary',
    expected: releaseId,
    to: null,
    workflowId,
    key: `${workflowId}:canary:close`,
  })
  await append('verdict', { verdict: 'rolled_back', reason: 'harm' })
})
afterAll(async () => {
  await owner?.end()
  await world?.stop()
})

let traced = ''
const follow = async (id = traced) =>
  (await gateway.get(`/v1/decisions/${encodeURIComponent(id)}/trace`)).body as unknown as Trace
const brokenLinks = async () => {
  const { intact, links } = await follow()
  const broken = links.filter(({ status }) => status === 'broken').map(({ name }) => name)
  expect(intact).toBe(broken.length === 0)
  return broken
}

it('a decision of a release rolled back long ago: every link is found and intact', async () => {
  const { links, intact, project } = await follow()
  expect({ intact, project }).toEqual({ intact: true, project: 'toy' })
  expect(Object.fromEntries(links.map(({ name, status }) => [name, status]))).toEqual({
    decision: 'unchecked',
    split: 'intact',
    alias: 'intact',
    release: 'intact',
    artifact: 'intact',
    output: 'intact',
    gates: 'intact',
    judgement: 'intact',
    snapshot: 'intact',
    training_run: 'intact',
    workflow_run: 'intact',
    outcome: 'intact',
  })
  const says = links.map((link) => `${link.name}: ${link.says}`).join('\n')
  for (const part of [
    releaseId,
    'rollback (harm)',
    'rolled_back: harm',
    'of 10,000; the arm beside production had 90 %',
    'label 1, loss 0',
  ])
    expect(says).toContain(part)
  const run = links.find(({ name }) => name === 'workflow_run')
  expect(run?.data.url).toBe(`http://127.0.0.1:1/${encodeURIComponent(workflowId)}`)
})

it('as a page: nothing from outside, and entities cannot write into it', async () => {
  await gateway.post(DECISIONS, ask('x', { decisionId: '<script>alert(1)</script>' }))
  const id = encodeURIComponent('<script>alert(1)</script>')
  const page = await fetch(`${gateway.url}/v1/decisions/${id}/trace`, { headers: { accept: 'text/html' } })
  const text = await page.text()
  expect(page.headers.get('content-type')).toContain('text/html')
  expect(text).toContain('Every link that can be recomputed matches.')
  expect(text).not.toContain('<script>')
  expect(text).not.toMatch(/src=|@import|href="https/)
})

it('an unknown decision is not found', async () => {
  expect(await gateway.get('/v1/decisions/nobody/trace')).toMatchObject({ status: 404 })
})

describe('a change made directly in the database is shown as broken, and only that:', () => {
  const CHANGES: [name: string, change: string, undo: string, broken: string[]][] = [
    [
      'the input',
      `update decisions set input = '{"x":0,"z":0}'`,
      `update decisions set input = '{"x":1,"z":0}'`,
      ['decision'],
    ],
    ['the output', `update decisions set output = '{"probability":0.9}'`, '', ['output']],
    ['the arm', `update decisions set arm = 'holdback'`, `update decisions set arm = 'canary'`, ['split', 'alias']],
    ['the loss', `update outcomes set loss = 7`, `update outcomes set loss = 0`, ['outcome']],
  ]
  it.each(CHANGES)('%s', async (name, change, undo, broken) => {
    const { rows } = await owner.query<{ output: object }>('select output from decisions where decision_id = $1', [
      traced,
    ])
    await changeWithoutTriggers(owner, `${change} where decision_id = $1`, [traced])
    const found = await brokenLinks()
    if (undo) await changeWithoutTriggers(owner, `${undo} where decision_id = $1`, [traced])
    else
      await changeWithoutTriggers(owner, 'update decisions set output = $2 where decision_id = $1', [
        traced,
        rows[0]?.output,
      ])
    expect(found).toEqual(name === 'the input' ? expect.arrayContaining(broken) : broken)
    expect(await brokenLinks()).toEqual([])
  })

  const inChain = async (kind: string, from: string, to: string) => {
    const where = `kind = '${kind}' and workflow_id = '${workflowId}'`
    const changed = await changeWithoutTriggers(
      owner,
      `update chain_entries set body = replace(body, $1, $2) where ${where}`,
      [from, to],
    )
    expect(changed).toBe(1)
    const found = await brokenLinks()
    await changeWithoutTriggers(owner, `update chain_entries set body = replace(body, $2, $1) where ${where}`, [
      from,
      to,
    ])
    expect(await brokenLinks()).toEqual([])
    return found
  }
  it('the gates', async () => expect(await inChain('evaluation', '"schema_valid"', '"schema_fine"')).toEqual(['gates']))
  it('the judgement', async () => expect(await inChain('judgement', '"harm"', '"fine"')).toEqual(['judgement']))
  it('the training', async () =>
    expect(await inChain('training_run', '"seed":1', '"seed":2')).toEqual(['training_run']))
  it('the trigger', async () => expect(await inChain('trigger', '"test"', '"ana"')).toEqual(['workflow_run']))
  it('the threshold of its tuple, and the loss that depends on it', async () =>
    expect(await inChain('release', '"threshold":0.2', '"threshold":0.3')).toEqual(['release', 'outcome']))

  it('the bytes of the model', async () => {
    const { manifest } = await world.registry.releases.get(releaseId)
    const hex = manifest.model.artifact.slice('sha256:'.length)
    const file = join(world.folder, 'artifacts', 'sha256', hex.slice(0, 2), hex)
    const bytes = readFileSync(file)
    chmodSync(file, 0o644)
    writeFileSync(file, 'other bytes')
    expect(await brokenLinks()).toEqual(['artifact'])
    writeFileSync(file, bytes)
    expect(await brokenLinks()).toEqual([])
  })
})

it('bytes that were dropped by policy are neither a broken link nor a pass', async () => {
  const { manifest } = await world.registry.releases.get(releaseId)
  const hex = manifest.model.artifact.slice('sha256:'.length)
  const file = join(world.folder, 'artifacts', 'sha256', hex.slice(0, 2), hex)
  chmodSync(file, 0o644)
  writeFileSync(file, '')
  await appendAnything(world.registry, {
    project: 'toy',
    kind: 'dropped',
    subject: 'artifacts',
    key: 'dropped:1',
    body: { artifacts: [{ digest: manifest.model.artifact, what: 'model' }], by: 'ana', reason: 'old' },
  })
  const { links, intact } = await follow()
  expect(intact).toBe(true)
  expect(links.find(({ name }) => name === 'artifact')).toMatchObject({
    status: 'dropped',
    says: expect.stringContaining(manifest.model.artifact) as string,
  })
  // There is nothing to score with.
  expect(links.find(({ name }) => name === 'output')).toMatchObject({ status: 'unchecked' })
})

it('a decision whose day may have been dropped by policy is not reported as one that never existed', async () => {
  const answer = await gateway.get('/v1/decisions/never-seen/trace')
  expect(answer).toMatchObject({ status: 404 })
  expect(JSON.stringify(answer.body)).not.toContain('dropped')
  const tables = [{ table: 'decisions', rows: 3, digest: `sha256:${'d'.repeat(64)}` }]
  await appendAnything(world.registry, {
    project: 'toy',
    kind: 'dropped',
    subject: 'days',
    key: 'dropped:day:2025-10-21',
    body: { day: '2025-10-21', tables, earlyLabels: 0, by: 'ana', reason: 'old', kept: '400d' },
  })
  const asked = await gateway.get('/v1/decisions/never-seen/trace')
  expect(asked.status).toBe(404)
  expect(JSON.stringify(asked.body)).toMatch(
    /never-seen.*may never have existed, or have been dropped: decisions of toy up to 2025-10-21 were dropped by policy, the last on 20.*\(decisions sha256:dddd/,
  )
})
