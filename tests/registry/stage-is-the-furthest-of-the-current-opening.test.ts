/** A row for each run, kept by the database: what `release list` and the notifier read. */
import { readFileSync } from 'node:fs'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { connect } from '../../registry/database/connect.js'
import { fillRuns } from '../../registry/database/migrations/0007-runs/run-table.js'
import { needsAttention } from '../../releases/attention.js'
import { appendAnything } from '../support/append-anything.js'
import { toyPolicy } from '../toy-project/policy.js'
import { type TestRegistry, testRegistry } from './test-registry.js'

let test: TestRegistry
beforeAll(async () => {
  test = await testRegistry()
})
afterAll(() => test?.stop())

/** Appends entries of one run, in order, and answers what the list says of it after each. */
function history(project: string) {
  const workflowId = `release/${project}/nightly`
  let number = 0
  return {
    workflowId,
    async after(kind: Parameters<typeof appendAnything>[1]['kind'], body: object = {}, subject = workflowId) {
      number += 1
      const key = `${workflowId}:${number}`
      await appendAnything(test.registry, { project, kind, subject, key, body: { workflowId, ...body } })
      return (await test.registry.runs.list(project))[0]?.stage
    },
  }
}
const clock = { eventStart: 0, wallStart: 0, speed: 1 }
const input = { trigger: {}, policy: toyPolicy, clock }

it('entries of stages that a run had passed before a reset do not set it back', async () => {
  const { after } = history('reset')
  expect(await after('trigger', input)).toBe('validating')
  expect(await after('snapshot')).toBe('training')
  expect(await after('release', {}, 'reset_v1')).toBe('evaluating')
  expect(await after('evaluation')).toBe('awaiting_canary')
  expect(await after('alias_move', { to: 'reset_v1' }, 'canary')).toBe('canary')
  // A reset to the first day trains again under the number of another attempt.
  expect(await after('training_run')).toBe('canary')
  expect(await after('evaluation')).toBe('canary')
  expect(await after('alias_move', { to: 'reset_v1' }, 'production')).toBe('probation')
  expect(await after('alias_move', { to: null }, 'canary')).toBe('probation')
  expect(await after('training_run')).toBe('probation')
  expect(await after('evaluation')).toBe('probation')
  expect(await after('verdict', { verdict: 'promoted', reason: 'better' })).toBe('done')
  expect(await after('judgement', { phase: 'probation', judgement: { action: 'continue' } })).toBe('done')
})

it('a canary that was closed because production changed is evaluated again, and that is its stage', async () => {
  const { after } = history('changed')
  await after('trigger', input)
  await after('evaluation')
  expect(await after('alias_move', { to: 'changed_v1' }, 'canary')).toBe('canary')
  expect(await after('alias_move', { to: null }, 'canary')).toBe('canary')
  expect(await after('evaluation')).toBe('awaiting_canary')
  expect(await after('alias_move', { to: 'changed_v1' }, 'canary')).toBe('canary')
  expect(await after('training_run')).toBe('canary')
})

it('a pause and an approval are known without the entries of the run, until they end', async () => {
  const { after, workflowId } = history('paused')
  const needs = async () => (await needsAttention(test.registry, Date.now(), 'paused')).map(({ text }) => text)
  await after('trigger', input)
  await after('alias_move', { to: 'paused_v1' }, 'canary')
  expect(await needs()).toEqual([])
  await after('judgement', { phase: 'canary', judgement: { action: 'pause', reason: 'early' } })
  await after('judgement', { phase: 'canary', judgement: { action: 'continue', reason: 'inconclusive' } })
  expect(await needs()).toEqual(['paused: early'])
  await after('operator_action', { action: 'resume', by: 'ann', accepted: false })
  expect(await needs()).toEqual(['paused: early'])
  await after('operator_action', { action: 'resume', by: 'ann', accepted: true })
  expect(await needs()).toEqual([])
  await after('operator_action', { action: 'pause', by: 'ann', accepted: true })
  await after('approval', { state: 'asked', reason: 'better' })
  expect(await needs()).toEqual(['waits for approval: better'])
  await after('approval', { state: 'lapsed', reason: 'worse' })
  expect(await needs()).toEqual(['paused: by ann'])
  await after('verdict', { verdict: 'held', reason: 'hold:deadline' })
  expect(await needs()).toEqual([])
  expect((await test.registry.runs.list('paused', { open: true })).length).toBe(0)
  expect((await test.registry.runs.get(workflowId)).reason).toBe('hold:deadline')
})

it('pages of runs are the newest first, and leave none out', async () => {
  for (const name of ['a', 'b', 'c', 'd', 'e'])
    await appendAnything(test.registry, {
      project: 'pages',
      kind: 'trigger',
      subject: `release/pages/${name}`,
      key: name,
      body: input,
    })
  const ids = async (page: object) =>
    (await test.registry.runs.list('pages', page)).map(({ workflowId }) => workflowId.at(-1)).join('')
  expect(await ids({})).toBe('abcde')
  expect(await ids({ limit: 2 })).toBe('de')
  expect(await ids({ limit: 2, before: 'release/pages/d' })).toBe('bc')
  expect(await ids({ limit: 2, before: 'release/pages/b' })).toBe('a')
  await expect(ids({ before: 'release/pages/x' })).rejects.toThrow('no release or release run "release/pages/x"')
})

it('a database of an earlier build gets the same rows as one that kept them from the start', async () => {
  const path = new URL('ledger-of-an-earlier-build.jsonl', import.meta.url)
  for (const line of readFileSync(path, 'utf8').trimEnd().split('\n')) {
    const { project, seq, kind, subject, key, body, at, prev, hash } = JSON.parse(line)
    await test.app.query(
      `insert into chain_entries (project, seq, kind, subject, key, body, at, prev_hash, hash)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [project, seq, kind, subject, key, body, at, prev, hash],
    )
  }
  const rows = async () => (await test.owner.query('select * from runs order by project, workflow_id')).rows
  const kept = await rows()
  expect(kept.length).toBeGreaterThan(4)
  const db = connect(test.url, { role: null, size: 1 })
  try {
    await sql`set session_replication_role = replica`.execute(db)
    await sql`delete from runs`.execute(db)
    await fillRuns(db as never)
  } finally {
    await db.destroy()
  }
  expect(await rows()).toEqual(kept)
})

it('no one can write a row of a run beside the ledger', async () => {
  await expect(test.owner.query(`update runs set stage = 'done'`)).rejects.toThrow('runs follows chain_entries')
  await expect(test.owner.query('delete from runs')).rejects.toThrow('runs is append-only')
  await expect(test.app.query(`insert into runs (project) values ('x')`)).rejects.toThrow('permission denied')
})
