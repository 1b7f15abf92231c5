/** A page of labels is asked for while many labels, days and partitions are stored: it reads what a page shows. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PageOfLabels } from '../../registry/labels/label-types.js'
import { createCorrectionPages } from '../../registry/labels/newest-corrections.js'
import { createEarlyPages } from '../../registry/labels/newest-early-labels.js'
import { appendAnything } from '../support/append-anything.js'
import { type CountedRegistry, countedRegistry } from './counted-reads.js'
import { daysAgo, writtenOn } from './retention/retained-history.js'
import { changeWithoutTriggers } from './test-registry.js'

const MOST = 50
const CLOSED_DAYS = 40
const NEWEST: PageOfLabels = { before: null, most: MOST }

let test: CountedRegistry
beforeAll(async () => {
  test = await countedRegistry()
  const at = new Date(`${daysAgo(61)}T00:00:00Z`).toISOString()
  await appendAnything(test.registry, { project: 'toy', kind: 'verdict', subject: 'x', key: 'x', body: {}, at })
})
afterAll(() => test?.stop())

/** Labels, corrections and early labels of one day; each tenth early label has a decision. */
async function fill(day: string, project: string, labels: number, name = day): Promise<void> {
  await writtenOn(test, day, { project })
  const { owner } = test
  const at = `$2::date + i * interval '1 second'`
  await changeWithoutTriggers(
    owner,
    `insert into outcomes (project, decision_id, version, label, loss, observed_at, written_at, written_day, workflow_id)
     select $1, $4 || i, 1 + v, to_jsonb(v), v, ${at}, ${at} + v * interval '1 hour', $2, '' from generate_series(1, $3::int) i,
       generate_series(0, case when i % 10 = 0 then 1 else 0 end) v`,
    [project, day, labels, name],
  )
  await changeWithoutTriggers(
    owner,
    `insert into early_labels (project, decision_id, label, observed_at, written_at, written_day)
     select $1, $4 || i, '1', ${at}, ${at}, $2 from generate_series(1, $3::int) i`,
    [project, day, labels, name],
  )
  await changeWithoutTriggers(
    owner,
    `insert into run_days (project, workflow_id, rows_of, written_day) 
     values ($1, '', 'early_labels', $2), ($1, '', 'outcomes', $2) on conflict do nothing`,
    [project, day],
  )
  await owner.query('select slipway_open_month($1)', [day])
  await changeWithoutTriggers(
    owner,
    `insert into decision_days (project, decision_id, workflow_id, written_day)
     select $1, $4 || i, '', $2 from generate_series(1, $3::int) i where i % 10 = 0`,
    [project, day, labels, name],
  )
}

const corrections = (page = NEWEST) => createCorrectionPages(test.db).newestCorrections('toy', page)
const early = (page = NEWEST) => createEarlyPages(test.db).newestEarly('toy', page)

async function measured() {
  await test.owner.query('vacuum analyze')
  return { corrections: await test.readsIn(corrections), early: await test.readsIn(early) }
}

it('a page reads as much of 20,000 labels a day and 40 closed days as of few', async () => {
  await fill(daysAgo(0), 'toy', 3_000)
  const few = await measured()
  for (let ago = 2; ago < 2 + CLOSED_DAYS; ago += 1) await fill(daysAgo(ago), 'toy', 20)
  await fill(daysAgo(1), 'toy', 20_000)
  await fill(daysAgo(1), 'other', 20_000, 'other')
  const many = await measured()
  // Corrections: 1,000 of all projects, several times in one statement. Early labels: blocks.
  expect(many.corrections.rows).toBeLessThan(6_000)
  expect(many.early.rows).toBeLessThan(few.early.rows + 200)
  expect(many.corrections.nodes).toBeLessThan(few.corrections.nodes + 40)
  expect(many.early.nodes).toBeLessThan(few.early.nodes + 20)
}, 120_000)

it('pages go from the newest to the oldest, and show each label once', async () => {
  await fill(daysAgo(60), 'toy', 0)
  for (const [list, all] of [
    [corrections, 'select decision_id as id from outcomes where project = $1 and version > 1 order by written_at desc'],
    [early, 'select decision_id as id from early_labels where project = $1 order by written_day desc, written_at desc'],
  ] as const) {
    const { rows } = await test.owner.query<{ id: string }>(all, ['toy'])
    const seen: string[] = []
    let before: string | null = null
    do {
      const page: Awaited<ReturnType<typeof list>> = await list({ before, most: 2_000 })
      seen.push(...page.labels.map(({ decisionId }) => decisionId))
      before = page.next
    } while (before !== null)
    expect(seen).toEqual(rows.map(({ id }) => id))
  }
}, 120_000)

it('a decision that arrived is found for an early label, and what a correction replaced', async () => {
  const { labels, counted: read, unjoined } = await early()
  expect(labels).toHaveLength(MOST)
  expect(labels[0]).toMatchObject({ decisionId: `${daysAgo(0)}3000`, decision: { workflowId: null, day: daysAgo(0) } })
  expect(labels[1]).toMatchObject({ decisionId: `${daysAgo(0)}2999`, decision: null })
  expect(unjoined / read).toBeCloseTo(0.9)
  const [first] = (await corrections()).labels
  expect(first).toMatchObject({ version: 2, label: 1, loss: 1, previous: { label: 0, loss: 0 } })
})

it('a page that begins at no known place is the first one', async () => {
  for (const before of ['', 'x', '2026-99-99/1/1', '1e3', "1/'; drop table outcomes"]) {
    expect((await early({ before, most: 1 })).labels).toEqual((await early({ ...NEWEST, most: 1 })).labels)
    expect((await corrections({ before, most: 1 })).labels).toEqual((await corrections({ ...NEWEST, most: 1 })).labels)
  }
  expect((await early({ before: '0001-01-01/9/9', most: 1 })).labels).toEqual([])
  expect((await corrections({ before: '9'.repeat(16), most: 1 })).labels).toHaveLength(1)
})
