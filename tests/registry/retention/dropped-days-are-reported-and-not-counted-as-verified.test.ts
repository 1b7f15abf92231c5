import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { DAY_MS } from '../../../contracts/duration.js'
import { dayClosedKey, isDroppedDay } from '../../../contracts/ledger/index.js'
import type { RetentionPolicy } from '../../../contracts/types.js'
import { createArtifactStore, openRegistry, type Registry } from '../../../registry/index.js'
import { prune } from '../../../registry/retention/prune.js'
import { appendAnything } from '../../support/append-anything.js'
import { ownServer, type TestDatabase } from '../../support/database.js'
import { changeWithoutTriggers, type TestRegistry, testRegistry } from '../test-registry.js'
import { apply, daysAgo, endRun, keeping, later, triggerOf, writtenOn } from './retained-history.js'

let server: TestDatabase
let test: TestRegistry
let registry: Registry
beforeAll(async () => {
  server = await ownServer()
})
afterAll(() => server?.stop())

let databases = 0
/** Each test has its own database, because a partition holds the rows of all projects. */
beforeEach(async () => {
  databases += 1
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  await client.query(`create database days_${databases}`)
  await client.end()
  const url = new URL(server.url)
  url.pathname = `/days_${databases}`
  test = await testRegistry({ url: url.href, stop: async () => {} })
  registry = test.registry
})
const opened: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
  await test?.stop()
})

const [oldest, old, young] = [daysAgo(100), daysAgo(90), daysAgo(50)]

/** Three days; two of them are older than the 60 days that are kept. */
async function threeDays({ project = 'toy', close = true } = {}): Promise<void> {
  await writtenOn(test, oldest, { project, decisions: ['a', 'b'] })
  await writtenOn(test, old, { project, decisions: ['c'], outcomes: ['a'] })
  await writtenOn(test, young, { project, decisions: ['d'], outcomes: ['b', 'c'] })
  if (close) await registry.retention.closeDays()
}

const partitions = async () => {
  const { rows } = await test.owner.query<{ name: string }>(
    `select relname as name from pg_class where relkind = 'r' and relname ~ '^(decisions|outcomes|early_labels)_'
     and relname < 'z' order by 1`,
  )
  const days = rows.map(({ name }) => name.split('_').at(-1) ?? '')
  return [...new Set(days)].sort().map((day) => `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`)
}
const old3 = async () => (await partitions()).filter((day) => [oldest, old, young].includes(day))

it('a dry run reports what would be dropped and changes nothing', async () => {
  await threeDays()
  const before = await test.owner.query('select * from chain_heads')
  const report = await registry.retention.prune(keeping('toy', 1))
  expect(report).toMatchObject({
    applied: false,
    days: [
      { day: oldest, projects: ['toy'], rows: 2 },
      { day: old, projects: ['toy'], rows: 2 },
    ],
    held: { day: young, why: 'toy keeps decisions for 60d' },
  })
  expect((await test.owner.query('select * from chain_heads')).rows).toEqual(before.rows)
  expect(await old3()).toEqual([oldest, old, young])
})

it('dropped days are recorded with their digests and reported by verify; a second run drops nothing', async () => {
  await threeDays()
  const closed = await registry.ledger.entries('toy', { kind: 'day_closed' })
  const report = await registry.retention.prune({ ...keeping('toy', 1), apply })
  expect(report.days.map(({ day }) => day)).toEqual([oldest, old])
  expect(await old3()).toEqual([young])
  const drops = await registry.ledger.entries('toy', { kind: 'dropped', subject: 'days' })
  expect(drops.map(({ body }) => body)).toMatchObject([
    { day: oldest, ...apply, kept: '60d', tables: [{ table: 'decisions', rows: 2, digest: closed[0]?.body.digest }] },
    {
      day: old,
      tables: [
        { table: 'decisions', rows: 1 },
        { table: 'outcomes', rows: 1 },
      ],
    },
  ])
  const { days, problems, dropped } = await registry.ledger.verify()
  expect({ days, problems }).toEqual({ days: 2, problems: [] })
  expect(dropped.map(({ what }) => what.replace(/ on \S+Z/, ''))).toEqual([
    expect.stringMatching(`^decisions of ${oldest}: dropped by policy, 2 rows with digest sha256:`),
    expect.stringMatching(`^decisions of ${old}: dropped by policy, 1 rows with digest sha256:`),
    expect.stringMatching(`^outcomes of ${old}: dropped by policy, 1 rows with digest sha256:`),
  ])
  expect((await registry.retention.prune({ ...keeping('toy', 1), apply })).days).toEqual([])
  expect(await registry.ledger.entries('toy', { kind: 'dropped' })).toHaveLength(2)
  // No day is closed twice, and later days are intact.
  expect(await registry.retention.closeDays()).toEqual([])
  expect((await registry.labels.outcomesOf('toy', 'b')).length).toBe(1)
})

it('rows that are missing without an entry are still a problem, also next to dropped days', async () => {
  await threeDays()
  await registry.retention.prune({ ...keeping('toy', 1), apply })
  await changeWithoutTriggers(test.owner, `delete from decisions where decision_id = 'd'`)
  const { problems } = await registry.ledger.verify()
  expect(problems.map(({ what }) => what)).toEqual([expect.stringMatching(`^decisions of ${young}: 0 rows`)])
})

it('an entry that drops a day with another digest, or a day that still exists, hides no problem', async () => {
  await threeDays()
  const forged = { day: young, tables: [{ table: 'decisions', rows: 1, digest: 'sha256:0' }], ...apply }
  await appendAnything(registry, {
    project: 'toy',
    kind: 'dropped',
    subject: 'days',
    key: `dropped:day:${young}`,
    body: forged,
  })
  const problems = async () => (await registry.ledger.verify()).problems.map(({ what }) => what)
  expect(await problems()).toHaveLength(2)
  await changeWithoutTriggers(test.owner, `delete from decisions where decision_id = 'd'`)
  expect(await problems()).toContainEqual(expect.stringMatching(`^decisions of ${young}: 0 rows .* does not match`))
})

it('a day that is not closed is kept, and so is every later day', async () => {
  await writtenOn(test, old, { project: 'toy', decisions: ['c'] })
  await registry.retention.closeDays()
  await writtenOn(test, oldest, { project: 'toy', decisions: ['a'] })
  const { days, held } = await registry.retention.prune({ ...keeping('toy', 1), apply })
  expect({ days, held }).toEqual({ days: [], held: { day: oldest, why: 'decisions of toy are not closed yet' } })
  expect(await old3()).toEqual([oldest, old])
})

it('a day whose rows differ from its closing is kept as evidence', async () => {
  await threeDays()
  await changeWithoutTriggers(test.owner, `update decisions set action = 'none' where decision_id = 'a'`)
  const { days, held } = await registry.retention.prune({ ...keeping('toy', 1), apply })
  expect(days).toEqual([])
  expect(held?.why).toMatch(/^decisions of toy differ from their closing/)
})

it('days of an open run are kept until its labels can no longer be corrected', async () => {
  await threeDays({ close: false })
  const workflowId = 'release/toy/1'
  // The run starts between the two days. Its trigger is the first entry, because later entries cannot have earlier
  // times.
  await appendAnything(registry, {
    ...triggerOf('toy', workflowId),
    at: new Date(Date.parse(old) - DAY_MS).toISOString(),
  })
  await registry.retention.closeDays()
  const [held, kept] = [await registry.retention.prune({ ...keeping('toy', 1), apply }), await old3()]
  expect(held).toMatchObject({ days: [{ day: oldest }], held: { day: old, why: `${workflowId} is open` } })
  expect(kept).toEqual([old, young])
  await endRun(registry, 'toy', workflowId)
  const soon = await registry.retention.prune({ ...keeping('toy', 1), apply })
  expect(soon.held).toMatchObject({ day: old, why: expect.stringMatching(/may still be corrected/) })
  // The toy project's labels are final after two days.
  const afterwards = await later(test, 4)
  opened.push(afterwards)
  expect((await afterwards.retention.prune({ ...keeping('toy', 1), apply })).days.map(({ day }) => day)).toEqual([old])
})

it('the project that keeps longest decides for days with its rows; a project that is not loaded keeps all', async () => {
  await threeDays()
  await writtenOn(test, old, { project: 'ranking', decisions: ['r'] })
  await registry.retention.closeDays()
  const toy: RetentionPolicy = { decisions: '60d', artifacts: { keepReleases: 1, keepFor: '30d' } }
  const both = new Map([
    ['toy', toy],
    ['ranking', { ...toy, decisions: '95d' }],
  ])
  const held = async (request: Parameters<Registry['retention']['prune']>[0]) =>
    (await registry.retention.prune(request)).held
  expect(await held({ policies: new Map([['toy', toy]]) })).toMatchObject({
    day: old,
    why: 'it contains rows of ranking, which is not loaded here',
  })
  expect(await held({ policies: both })).toMatchObject({ day: old, why: 'ranking keeps decisions for 95d' })
  expect(await held({ policies: new Map([...both, ['ranking', toy]]), project: 'toy' })).toMatchObject({
    day: old,
    why: 'it also contains rows of ranking; prune without --project',
  })
  const { days } = await registry.retention.prune({ policies: new Map([...both, ['ranking', toy]]), apply })
  expect(days.map(({ projects }) => projects)).toEqual([['toy'], ['ranking', 'toy']])
  expect(await registry.ledger.entries('ranking', { kind: 'dropped' })).toHaveLength(1)
  expect((await registry.ledger.verify()).problems).toEqual([])
})

it('a failure in the middle of a day leaves neither an entry nor missing rows', async () => {
  await threeDays()
  // A view of another user: PostgreSQL refuses to drop its table after the entry was appended.
  await test.owner.query(`create view theirs as select * from outcomes_${old.replaceAll('-', '')}`)
  await expect(registry.retention.prune({ ...keeping('toy', 1), apply })).rejects.toThrow(/theirs|depend/)
  expect(await registry.ledger.entries('toy', { kind: 'dropped' })).toHaveLength(1)
  expect(await old3()).toEqual([old, young])
  expect((await registry.ledger.verify()).problems).toEqual([])
  await test.owner.query('drop view theirs')
  expect((await registry.retention.prune({ ...keeping('toy', 1), apply })).days.map(({ day }) => day)).toEqual([old])
})

it('concurrent prunes drop each day once', async () => {
  await threeDays()
  const other = await openRegistry({ databaseUrl: test.url, artifactsFolder: test.artifactsFolder })
  opened.push(other)
  const request = { ...keeping('toy', 1), apply }
  const reports = await Promise.all([registry.retention.prune(request), other.retention.prune(request)])
  expect(reports.flatMap(({ days }) => days.map(({ day }) => day)).sort()).toEqual([oldest, old].sort())
  expect(await registry.ledger.entries('toy', { kind: 'dropped' })).toHaveLength(2)
  expect((await registry.ledger.verify()).problems).toEqual([])
})

it('a user who does not own the tables is refused before anything is written', async () => {
  await threeDays()
  await test.owner.query(`create role runtime login password 'x' in role slipway_app`)
  const url = new URL(test.url)
  url.username = 'runtime'
  url.password = 'x'
  const needs = {
    databaseUrl: url.href,
    store: createArtifactStore(test.artifactsFolder),
    now: Date.now,
    digestDay: registry.retention.digestDay,
  }
  await expect(prune(needs, { ...keeping('toy', 1), apply })).rejects.toMatchObject({
    type: 'BadRequest',
    message: expect.stringMatching(/user "runtime" .* may append but not drop/),
  })
  expect(await registry.ledger.entries('toy', { kind: 'dropped' })).toEqual([])
  // A dry run is allowed.
  expect((await prune(needs, keeping('toy', 1))).days).toHaveLength(2)
  await expect(test.app.query(`drop table decisions_${old.replaceAll('-', '')}`)).rejects.toMatchObject({
    code: '42501',
  })
})

it('a day closed by an earlier build is dropped by its digest of version 1, or of version 2 once it is covered', async () => {
  await threeDays({ close: false })
  for (const day of [oldest, old]) {
    const { rows, digest } = await registry.retention.digestDay({ project: 'toy', table: 'decisions', day }, 1)
    const body = { project: 'toy', table: 'decisions' as const, day, rows, digest }
    const key = dayClosedKey('decisions', day)
    await registry.ledger.append({ project: 'toy', kind: 'day_closed', subject: 'decisions', key, body })
  }
  await registry.retention.closeDays()
  const dropped = async () =>
    (await registry.ledger.entries('toy', { kind: 'dropped' })).map(({ body }) => isDroppedDay(body) && body.tables[0])
  const closedIn = async (version?: 2) =>
    (await registry.ledger.entries('toy', { kind: 'day_closed' })).find(
      ({ body }) => body.day === old && body.table === 'decisions' && body.digestVersion === version,
    )?.body.digest
  await registry.retention.prune({ ...keeping('toy', 1, { decisions: '95d' }), apply })
  expect((await registry.retention.coverDays()).covered.map(({ day }) => day)).toEqual([old])
  await registry.retention.prune({ ...keeping('toy', 1), apply })
  expect((await dropped())[1]).toMatchObject({ digest: await closedIn(2) })
  expect(await closedIn()).not.toBe(await closedIn(2))
  const { problems, dropped: said, covered } = await registry.ledger.verify()
  expect({ problems, covered, dropped: said.length }).toEqual({ problems: [], covered: [], dropped: 3 })
})

it('the lookup of dropped months goes with them, and an id of a dropped day may be used again', async () => {
  await threeDays()
  await registry.retention.prune({ ...keeping('toy', 1), apply })
  const { rows } = await test.owner.query<{ month: string }>(
    `select right(relname, 6) as month from pg_class where relkind = 'r' and relname ~ '^decision_days_[0-9]{6}$' order by 1`,
  )
  expect(rows[0]?.month).toBe(young.slice(0, 7).replace('-', ''))
  const again = {
    workflowId: 'w',
    releaseId: 'toy_v1',
    arm: 'canary',
    entityHash: 'e',
    eventAt: 0,
    output: {},
  } as const
  const written = ['a', 'd'].map((decisionId) => ({ ...again, decisionId, action: 'again' }))
  expect(await registry.evidence.recordDecisions('toy', written)).toBe(1)
  expect(await registry.evidence.decisionsById('toy', ['a'])).toMatchObject([{ action: 'again' }])
  const label = { decisionId: 'a', label: 1, loss: 4, observedAt: 1 }
  await registry.labels.add('toy', [label])
  const look = { project: 'toy', workflowId: 'w', asOf: DAY_MS * 9, labelHorizonMs: DAY_MS }
  expect(await registry.evidence.cohorts(look)).toMatchObject([{ exposed: 1, labelled: 1, lossSum: 4 }])
})
