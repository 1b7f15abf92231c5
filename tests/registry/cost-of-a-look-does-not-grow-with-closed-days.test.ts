import { afterAll, beforeAll, expect, it } from 'vitest'
import { DAY_MS } from '../../contracts/duration.js'
import { connect, type Database } from '../../registry/database/connect.js'
import { cohortsQuery } from '../../registry/evidence/cohorts.js'
import { entityQuery } from '../../registry/evidence/entity-sums.js'
import { segmentQuery } from '../../registry/evidence/segment-days.js'
import { writtenDays } from '../../registry/evidence/written-days.js'
import { cancelQueriesWith, type DecisionRow } from '../../registry/index.js'
import { correctedOn } from '../../registry/labels/read-corrections.js'
import { explained, opened } from './partition-reads.js'
import { daysAgo, writtenOn } from './retention/retained-history.js'
import { type TestRegistry, testRegistry } from './test-registry.js'

const CLOSED_DAYS = 60
const WORKFLOW = 'release/toy/open'

let test: TestRegistry
let db: Database

beforeAll(async () => {
  test = await testRegistry()
  db = connect(test.url, { role: null, size: 1 })
  const decisions = Array.from(
    { length: 20 },
    (_, index): DecisionRow => ({
      decisionId: `d${index}`,
      workflowId: WORKFLOW,
      releaseId: 'toy_v1',
      arm: index % 2 === 0 ? 'canary' : 'production',
      source: 'live',
      entityHash: 'e',
      eventAt: Date.now() - 1_000,
      output: {},
      action: 'warn',
    }),
  )
  await test.registry.evidence.recordDecisions('toy', decisions)
  await test.registry.labels.add(
    'toy',
    decisions.map(({ decisionId, eventAt }) => ({ decisionId, label: 1, loss: 2, observedAt: eventAt + 1 })),
  )
})
afterAll(async () => {
  await db?.destroy()
  await test?.stop()
})

const labels = JSON.stringify([{ id: 'd1', version: 2, label: 1, loss: 3, at: new Date().toISOString() }])
const decision = JSON.stringify(
  [
    { project: 'toy', id: 'chosen', workflow: '', release: 'toy_v1', arm: 'production', source: 'live', entity: 'e' },
  ].map((row) => ({ ...row, at: new Date().toISOString(), output: {}, action: 'warn', stale: false, fresh: false })),
)

async function measured() {
  const look = { project: 'toy', source: 'live', asOf: Date.now(), labelHorizonMs: DAY_MS } as const
  const reads = async (query: typeof look & { workflowId?: string; releaseId?: string; from?: number }) =>
    explained(test, db, cohortsQuery(await writtenDays(db, query), query))
  const today = new Date().toISOString().slice(0, 10)
  const ofRun = { ...look, workflowId: WORKFLOW }
  const arms = { challenger: 'canary', reference: 'production', firstDay: daysAgo(2), lastDay: today } as const
  return {
    entities: await explained(test, db, entityQuery(await writtenDays(db, ofRun), { ...ofRun, ...arms })),
    segments: await explained(
      test,
      db,
      segmentQuery(await writtenDays(db, ofRun), { ...ofRun, ...arms, names: ['night', 'day'] }),
    ),
    look: await reads({ ...look, workflowId: WORKFLOW }),
    quality: await reads({ ...look, releaseId: 'toy_v1', from: Date.now() - DAY_MS }),
    label: await opened(test, `select slipway_log_outcomes('toy', $1)`, [labels]),
    decisionWithId: await opened(test, 'select slipway_log_decisions($1)', [decision]),
  }
}

it('a look, a condition, a label and a decision with an id read no partition of a closed day', async () => {
  const fresh = await measured()
  expect(fresh.look.rows).toBe(40)
  for (let ago = 5; ago < 5 + CLOSED_DAYS; ago += 1) {
    const day = daysAgo(ago)
    // Of this project and of another one, and of other runs.
    await writtenOn(test, day, { project: 'toy', decisions: [`old${ago}`], outcomes: [`old${ago}`] })
    await writtenOn(test, day, { project: 'other', decisions: [`old${ago}`], outcomes: [`old${ago}`] })
  }
  expect(await measured()).toEqual(fresh)
})

it('while the partitions of closed days are locked, everything about an open run is answered', async () => {
  const { evidence, labels: area } = test.registry
  const { rows } = await test.owner.query(
    `
    select relname as name from pg_class
    where relkind = 'r' and relname ~ '^(decisions|outcomes)_' and right(relname, 8) < $1`,
    [daysAgo(4).replaceAll('-', '')],
  )
  expect(rows).toHaveLength(2 * CLOSED_DAYS)
  const run = { project: 'toy', workflowId: WORKFLOW }
  const look = { ...run, source: 'live', asOf: Date.now() + 9 * DAY_MS, labelHorizonMs: DAY_MS } as const
  const window = { from: Date.now() - DAY_MS, to: Date.now() + DAY_MS }
  const label = { decisionId: 'd3', label: 1, loss: 9, observedAt: Date.now() }
  const chosen = { ...run, decisionId: 'chosen', releaseId: 'toy_v1', arm: 'canary', entityHash: 'e' } as const
  await test.owner.query(`begin; lock table ${rows.map(({ name }) => name).join(', ')} in access exclusive mode`)
  try {
    await cancelQueriesWith(AbortSignal.timeout(20_000), async () => {
      expect(await evidence.cohorts({ ...look, cut: await evidence.databaseSnapshot() })).toHaveLength(2)
      expect(await evidence.maturedDecisions({ ...look, ...window, arm: 'canary' })).toHaveLength(10)
      expect(await evidence.recordedValues({ ...window, project: 'toy', paths: [['input']], most: 5 })).toMatchObject({
        decisions: 10,
      })
      expect(await evidence.latestDecision('toy', WORKFLOW)).toBeNull()
      expect(await evidence.latestLiveDecision('toy', WORKFLOW)).not.toBeNull()
      expect(await evidence.findDecisions('d3')).toHaveLength(1)
      expect(await area.add('toy', [label])).toEqual(['correction'])
      expect(await area.outcomesOf('toy', 'd3')).toHaveLength(2)
      expect(await area.corrections({ ...look, asOf: look.asOf - DAY_MS, knownBy: look.asOf })).toEqual([])
      expect(await area.early('toy', ['d3'])).toEqual([])
      expect(await area.earlyCounts('toy')).toEqual({ kept: 0, unknown: 0 })
      expect(await area.correctedRuns(new Date(window.from).toISOString())).toEqual([run])
      expect(await evidence.recordDecisions('toy', [{ ...chosen, eventAt: 0, output: {}, action: 'x' }])).toBe(1)
      expect(await evidence.recordDecisions('toy', [{ ...chosen, eventAt: 0, output: {}, action: 'x' }])).toBe(0)
    })
  } finally {
    await test.owner.query('rollback')
  }
})

it('decisions and labels are found on whatever day they were written', async () => {
  const { evidence, labels: area } = test.registry
  const old = `old${CLOSED_DAYS}`
  const found = await evidence.decisionsById('toy', [old, 'd1', 'unknown'])
  expect(found.map(({ decisionId }) => decisionId).sort()).toEqual(['d1', old])
  expect(await evidence.findDecisions(old)).toMatchObject([{ project: 'other' }, { project: 'toy' }])
  expect(await area.outcomesOf('toy', old)).toMatchObject([{ version: 1 }])
  const label = { decisionId: old, label: 1, loss: 0, observedAt: Date.parse(daysAgo(CLOSED_DAYS)) }
  expect(await area.add('toy', [label, { ...label, observedAt: label.observedAt + 1 }])).toEqual([
    'duplicate',
    'correction',
  ])
  const again = {
    workflowId: '',
    releaseId: 'toy_v2',
    arm: 'production',
    entityHash: 'e',
    eventAt: 0,
    action: 'x',
  } as const
  expect(await evidence.logDecisions('toy', [{ ...again, decisionId: old, output: {} }])).toMatchObject([
    { releaseId: 'toy_v1' },
  ])
})

it('the search for corrected labels does not read those that were never corrected', async () => {
  const day = daysAgo(2)
  await writtenOn(test, day, { project: 'toy', outcomes: Array.from({ length: 3_000 }, (_, index) => `l${index}`) })
  await test.owner.query('analyze outcomes')
  expect((await explained(test, db, correctedOn(day, null))).rows).toBeLessThan(10)
})
