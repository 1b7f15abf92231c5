/** Counts the rows that each question to the ledger reads, and the nodes of its plans: never milliseconds. */
import type { Kysely } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildLedger } from '../../bench/growth/build-ledger.js'
import { gatherFleet } from '../../console/fleet/fleet-data.js'
import { coverageOf } from '../../http/release-gauges.js'
import { previousProduction } from '../../registry/aliases/earlier-production.js'
import { promotionOf, wasProduction } from '../../registry/aliases/promotion-of.js'
import { createAliasReader } from '../../registry/aliases/read-aliases.js'
import type { Tables } from '../../registry/database/tables.js'
import { createExposureReader } from '../../registry/exposure/read-exposure.js'
import { createFleetReader } from '../../registry/fleet/read-fleet.js'
import { createCorrectionPages } from '../../registry/labels/newest-corrections.js'
import { createEarlyPages } from '../../registry/labels/newest-early-labels.js'
import { createLane } from '../../registry/lane/lane-queue.js'
import { createWithLedger } from '../../registry/ledger/append-entries.js'
import { createLedgerReader } from '../../registry/ledger/read-ledger.js'
import { createHeadRecorder } from '../../registry/ledger/record-heads.js'
import { createNotices } from '../../registry/notices/undelivered.js'
import { newestRelease } from '../../registry/releases/newest-release.js'
import { createReleases } from '../../registry/releases/release-records.js'
import { artifactState } from '../../registry/retention/artifact-state.js'
import { unfinishedDays } from '../../registry/retention/unfinished-days.js'
import { createRunReader } from '../../registry/runs/read-runs.js'
import { appendAnything } from '../support/append-anything.js'
import { toyPolicy } from '../toy-project/policy.js'
import { type CountedRegistry, countedRegistry } from './counted-reads.js'
import type { Reads } from './partition-reads.js'
import { daysAgo, writtenOn } from './retention/retained-history.js'

const PROJECT = 'p0'
const OPEN = `release/${PROJECT}/open`
const RECEIVER = 'webhook'
/** Has got everything but the newest. */
const BEHIND = 'behind'
const CLOSED_DAYS = 20

let test: CountedRegistry
let db: Kysely<Tables>

beforeAll(async () => {
  test = await countedRegistry()
  db = test.db
})
afterAll(() => test?.stop())

/** An open run with a paused canary, in a project that has had as many finished runs as were built. */
async function openRun(): Promise<void> {
  const entry = { project: PROJECT, subject: OPEN }
  const clock = { eventStart: 0, wallStart: 0, speed: 1 }
  const append = (kind: Parameters<typeof appendAnything>[1]['kind'], key: string, body: object, subject = OPEN) =>
    appendAnything(test.registry, {
      ...entry,
      kind,
      subject,
      key: `${OPEN}:${key}`,
      body: { workflowId: OPEN, ...body },
    })
  await append('trigger', 'trigger', { trigger: {}, policy: toyPolicy, clock })
  await append('lane', 'lane', {})
  await append('alias_move', 'open', { alias: 'canary', to: `${PROJECT}_v1` }, 'canary')
  for (const day of ['2026-01-01', '2026-01-02'])
    await append('judgement', `canary:look:${day}T00:00:00.000Z:x`, {
      judgement: { action: 'pause', reason: 'r' },
      cohorts: [],
    })
}

const release = `${PROJECT}_v1`
/** Of the newest move before the installation grows. */
let oldTime = ''
const NEWEST = { before: null, most: 50 }
const NO_OBJECTS = { read: async () => null, create: async () => false }
const questions: Record<string, () => Promise<unknown>> = {
  'one page of runs': () => createRunReader(db).list(undefined, { limit: 3 }),
  'one page of runs of a project': () => createRunReader(db).list(PROJECT, { limit: 3 }),
  'open runs': () => createRunReader(db).open(),
  'what a rollback signals': () => createRunReader(db).list(PROJECT, { open: true }),
  'a pass of the notifier': () => createNotices(db).undelivered(RECEIVER),
  'a pass of the notifier with something new': () => createNotices(db).undelivered(BEHIND),
  'the lane': () => createLane(db, createWithLedger(db, Date.now)).current(PROJECT),
  'the present aliases': () => createAliasReader(db).current(PROJECT),
  'the exposure': () => createExposureReader(db).read(PROJECT),
  'the newest look': () => createLedgerReader(db).newestLook({ project: PROJECT, workflowId: OPEN, phase: 'canary' }),
  'whether a look exists': () => createLedgerReader(db).hasLook(PROJECT, `${OPEN}:canary:look:2026-01-02`),
  'the newest release': () => newestRelease(db, PROJECT),
  'the page on all projects': () =>
    gatherFleet({
      registry: {
        ledger: { heads: createHeadRecorder(db, NO_OBJECTS).heads },
        runs: { open: createRunReader(db).open },
        fleet: createFleetReader(db),
      },
      known: [],
      temporal: { state: 'none', problem: null, attention: [] },
      page: 1,
      now: Date.now(),
    }),
  'what the metrics show of open releases': async () => {
    const open = await createRunReader(db).open()
    await Promise.all([coverageOf({ ledger: createLedgerReader(db) }, open), createNotices(db).refused(1_000)])
  },
  'a release by its id': () =>
    createReleases(db, createWithLedger(db, Date.now))
      .get(release)
      .catch(() => {}),
  'the state of an artifact': () => artifactState(db, `sha256:${'c'.repeat(64)}`, PROJECT),
  'the days to close': () => unfinishedDays(db),
  'the newest moves of the aliases': () => createAliasReader(db).newest(PROJECT, { most: 2 }),
  'a page of moves before': () => createAliasReader(db).newest(PROJECT, { most: 2, before: 30 }),
  'the move of an alias with a key': () => createAliasReader(db).withKey(PROJECT, `${OPEN}:promote`),
  'the production before this one': () => previousProduction(createAliasReader(db), PROJECT),
  'whether the newest release was production': async () =>
    wasProduction(createAliasReader(db), PROJECT, (await createAliasReader(db).current(PROJECT)).production ?? ''),
  'the promotion of production': async () =>
    promotionOf(createAliasReader(db), PROJECT, (await createAliasReader(db).current(PROJECT)).production ?? ''),
  // It must not read what came after.
  'the moves behind an old decision': () =>
    createAliasReader(db).during(PROJECT, 'production', { from: oldTime, until: oldTime }),
  'the alias at an old time': () => createAliasReader(db).at(PROJECT, 'production', oldTime),
  'metrics across releases': () => createFleetReader(db).evaluations(PROJECT, 3),
  'a page of corrected labels': () => createCorrectionPages(db).newestCorrections(PROJECT, NEWEST),
  'a page of early labels': () => createEarlyPages(db).newestEarly(PROJECT, NEWEST),
}

it('finished runs, their looks and closed days cost nothing', async () => {
  const shape = { looks: 12, lookSize: 2_000 }
  await buildLedger(test.owner, { ...shape, projects: 2, runs: 8 })
  oldTime = (await test.registry.aliases.newest(PROJECT, { most: 1, alias: 'production' }))[0]?.at ?? ''
  await openRun()
  // A receiver that has got everything.
  const notices = createNotices(db)
  const pass = async (receiver: string) => {
    for (;;) {
      const entries = await notices.undelivered(receiver)
      if (entries.length === 0) return
      for (const { project, seq } of entries) await notices.recordEntry(receiver, { project, seq, notice: true })
    }
  }
  let measured = 0
  const measure = async () => {
    measured += 1
    await pass(BEHIND)
    const body = { workflowId: OPEN, signal: 'latency', arm: 'canary', value: 9, threshold: 5, power: 'pause' }
    const entry = { project: PROJECT, kind: 'breach', subject: OPEN, key: `breach ${measured}`, body } as const
    await appendAnything(test.registry, entry)
    await pass(RECEIVER)
    // Small tables would be scanned whole, which says nothing about large ones.
    await test.owner.query('set enable_seqscan = off')
    // Vacuumed: index scans also count rows that are gone, as long as they are stored.
    await test.owner.query('vacuum analyze')
    const reads: Record<string, Reads> = {}
    for (const [name, question] of Object.entries(questions)) reads[name] = await test.readsIn(question)
    return reads
  }
  await writtenOn(test, daysAgo(CLOSED_DAYS + 2), { project: PROJECT })
  await test.registry.retention.closeDays()
  const fresh = await measure()
  await buildLedger(test.owner, { ...shape, projects: 2, runs: 80, from: 8 })
  for (let ago = CLOSED_DAYS + 1; ago > 1; ago -= 1) await writtenOn(test, daysAgo(ago), { project: PROJECT })
  await test.registry.retention.closeDays()
  const grown = await measure()
  // The planner may choose another plan for the same few rows: the statistics depend on when dead rows were removed. A
  // question that reads runs, looks or partitions reads at least as many more as were added.
  const added = CLOSED_DAYS - 2
  const costly = Object.entries(grown).filter(([name, { rows, nodes }]) => {
    const before = fresh[name] ?? { rows: 0, nodes: 0 }
    return rows > before.rows + added / 2 || nodes > before.nodes + added / 2
  })
  expect(costly).toEqual([])
}, 120_000)

it('the page on all projects asks as much for a hundred projects as for two', async () => {
  const statementsOf = async () => {
    const asked = await test.statementsOf(async () => questions['the page on all projects']?.())
    return asked.length
  }
  const few = await statementsOf()
  await buildLedger(test.owner, { looks: 1, lookSize: 10, projects: 100, runs: 4_200, from: 4_100 })
  expect((await test.registry.ledger.heads()).length).toBeGreaterThanOrEqual(100)
  expect(await statementsOf()).toBe(few)
}, 120_000)
