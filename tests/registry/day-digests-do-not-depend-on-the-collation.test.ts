import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type DigestVersion, dayClosedKey } from '../../contracts/ledger/index.js'
import { testDatabase } from '../support/database.js'
import { icuDatabase } from '../support/icu-database.js'
import { changeWithoutTriggers, type TestRegistry, testRegistry } from './test-registry.js'

const DAY = '2026-03-01'
const IDS = ['a', 'B', 'b', 'a-1', 'A1', 'ä', '_z', 'Z']

let bytes: TestRegistry
let icu: TestRegistry
beforeAll(async () => {
  const database = await testDatabase()
  bytes = await testRegistry(database)
  icu = await testRegistry(await icuDatabase(database))
  // Whatever a server can be set to must not show in a digest.
  const name = new URL(icu.url).pathname.slice(1)
  for (const setting of [`timezone = 'Asia/Kolkata'`, 'extra_float_digits = -10', `datestyle = 'German'`])
    await icu.owner.query(`alter database ${name} set ${setting}`)
})
afterAll(async () => {
  await icu?.stop()
  await bytes?.stop()
})

let projects = 0
let project: string
beforeEach(() => {
  projects += 1
  project = `p${projects}`
})

/** The same rows in both databases. */
async function rowsIn({ owner }: TestRegistry): Promise<void> {
  // Only a test writes on a past day, so it may be finished.
  await changeWithoutTriggers(owner, 'delete from finished_days')
  for (const table of ['decisions', 'outcomes'])
    await owner.query(
      `create table if not exists ${table}_20260301 partition of ${table} for values from ('${DAY}') to ('2026-03-02')`,
    )
  for (const [index, id] of IDS.entries()) {
    await owner.query(
      `insert into decisions (project, decision_id, workflow_id, release_id, arm, source, entity_hash, event_at, output, action,
        expected_loss, stale, written_day, written_at)
       values ($1, $2, 'w', 'toy_v1', 'canary', 'live', 'e', '2026-03-01T01:02:03.004Z', '{"b":0.30000000000000004,"a":1}', 'warn',
        $3, false, '${DAY}', '2026-03-01T01:02:03.456789Z')`,
      [project, id, 0.1 + index / 3],
    )
    await owner.query(
      `insert into outcomes (project, decision_id, version, label, loss, observed_at, written_day, written_at)
       values ($1, $2, 1, '{"z":1,"y":2}', $3, '2026-03-01T01:02:03Z', '${DAY}', '2026-03-01T01:02:03Z')`,
      [project, id, index / 7],
    )
  }
}

const digests = async ({ registry }: TestRegistry, version?: DigestVersion) => {
  const of = (table: 'decisions' | 'outcomes') => registry.retention.digestDay({ project, table, day: DAY }, version)
  return [await of('decisions'), await of('outcomes')]
}

/** As an earlier build closed the day: without a digest version. */
const closedInVersion1 = (on: TestRegistry, digest?: string): Promise<void> => closedBefore(on, 1, digest)

async function closedBefore(on: TestRegistry, version: 1 | 2, digest?: string): Promise<void> {
  const found = await on.registry.retention.digestDay({ project, table: 'decisions', day: DAY }, version)
  const digestVersion = version === 1 ? {} : { digestVersion: version }
  await on.registry.ledger.append({
    project,
    kind: 'day_closed',
    subject: 'decisions',
    key: dayClosedKey('decisions', DAY),
    body: { project, table: 'decisions', day: DAY, rows: found.rows, digest: digest ?? found.digest, ...digestVersion },
  })
}

const verified = async ({ registry }: TestRegistry) => {
  const found = await registry.ledger.verify()
  const ours = <One extends { project: string }>(all: readonly One[]) => all.filter((one) => one.project === project)
  return {
    problems: ours(found.problems).map(({ what }) => what),
    covered: ours(found.covered).map(({ what }) => what),
  }
}

it('identical rows have identical digests under bytes and under English, whatever the settings; version 1 has not', async () => {
  for (const on of [bytes, icu]) await rowsIn(on)
  const [decisions] = await digests(bytes)
  expect(decisions?.rows).toBe(IDS.length)
  expect(await digests(icu)).toEqual(await digests(bytes))
  expect((await digests(icu, 1))[0]?.digest).not.toBe((await digests(bytes, 1))[0]?.digest)
})

it('days are closed in the newest version, and a changed expected loss or segment is found', async () => {
  await rowsIn(bytes)
  await bytes.registry.retention.closeDays()
  const entries = await bytes.registry.ledger.entries(project, { kind: 'day_closed' })
  expect(entries.map(({ body }) => [body.table, body.digestVersion])).toEqual([
    ['decisions', 3],
    ['outcomes', 2],
  ])
  expect(await verified(bytes)).toEqual({ problems: [], covered: [] })
  const change = (by: number) =>
    changeWithoutTriggers(
      bytes.owner,
      `update decisions set expected_loss = expected_loss + ${by} where project = $1 and decision_id = 'Z'`,
      [project],
    )
  await change(1)
  expect((await verified(bytes)).problems).toEqual([expect.stringMatching(/^decisions of 2026-03-01: 8 rows with/)])
  await change(-1)
  expect((await verified(bytes)).problems).toEqual([])
  await changeSegments("array['night']")
  expect((await verified(bytes)).problems).toEqual([expect.stringMatching(/^decisions of 2026-03-01: 8 rows with/)])
  await changeSegments('null')
})

const changeSegments = (to: string) =>
  changeWithoutTriggers(bytes.owner, `update decisions set segments = ${to} where project = $1 and decision_id = 'Z'`, [
    project,
  ])

it('a day that an earlier build closed in version 2 is still verified by it, which does not cover segments', async () => {
  await rowsIn(bytes)
  await closedBefore(bytes, 2)
  await bytes.registry.retention.closeDays()
  expect((await bytes.registry.retention.coverDays()).covered).toEqual([])
  expect(await verified(bytes)).toEqual({ problems: [], covered: [] })
  await changeSegments("array['night']")
  expect(await verified(bytes)).toEqual({ problems: [], covered: [] })
  await changeWithoutTriggers(
    bytes.owner,
    "update decisions set action = 'none' where project = $1 and decision_id = 'Z'",
    [project],
  )
  expect((await verified(bytes)).problems).toEqual([expect.stringMatching(/^decisions of 2026-03-01: 8 rows with/)])
})

it('a day closed in version 1 is verified and covered where it stands, once, and passes on another server', async () => {
  for (const on of [bytes, icu]) await rowsIn(on)
  await closedInVersion1(bytes)
  expect(await verified(bytes)).toEqual({ problems: [], covered: [] })
  const { covered, differing } = await bytes.registry.retention.coverDays()
  expect([covered.map((one) => one.project), differing]).toEqual([[project], []])
  expect((await bytes.registry.retention.coverDays()).covered).toEqual([])
  expect(await bytes.registry.retention.closeDays()).toMatchObject([{ project, table: 'outcomes' }])
  // Where it was closed both versions are checked.
  expect(await verified(bytes)).toEqual({ problems: [], covered: [] })

  // The other server gets the same entries.
  const [first, second] = await bytes.registry.ledger.entries(project, { kind: 'day_closed', subject: 'decisions' })
  for (const entry of [first, second])
    if (entry)
      await icu.registry.ledger.append({
        project,
        kind: 'day_closed',
        subject: 'decisions',
        key: entry.key,
        body: entry.body,
      })
  expect(await verified(icu)).toEqual({
    problems: [],
    covered: ['decisions of 2026-03-01: digest version 1 is covered by version 2'],
  })
  await changeWithoutTriggers(
    icu.owner,
    `update decisions set action = 'none' where project = $1 and decision_id = 'Z'`,
    [project],
  )
  expect(await verified(icu)).toEqual({ problems: [expect.stringContaining('were recorded')], covered: [] })
})

it('a day whose rows no longer have their digest of version 1 is not covered, and stays a problem', async () => {
  await rowsIn(bytes)
  await closedInVersion1(bytes, `sha256:${'0'.repeat(64)}`)
  expect(await bytes.registry.retention.coverDays()).toMatchObject({ covered: [], differing: [{ project }] })
  expect((await verified(bytes)).problems).toEqual([
    expect.stringContaining('a digest of version 1 also differs on a server with another collation'),
  ])
})
