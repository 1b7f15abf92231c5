/**
 * A registry with an open canary, restored with its artifacts to a server with lower transaction ids and another
 * collation: it verifies, answers, judges the rows from before together with new ones, and continues.
 */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createWatchExposure } from '../../activities/watch-exposure.js'
import type { ExposureRequest } from '../../contracts/activities.js'
import { DAY_MS } from '../../contracts/duration.js'
import { bodiesOf, dayClosedKey } from '../../contracts/ledger/index.js'
import type { Project } from '../../projects/project.js'
import { createArtifactStore, openRegistry, type Registry } from '../../registry/index.js'
import { startService } from '../../serving/index.js'
import { candidate, inputOf, openCanary, openWorld, promote, type World } from '../serving/support.js'
import { canaryRequest } from '../support/canary-request.js'
import { copyDatabase } from '../support/copy-database.js'
import { ownServer, type TestDatabase } from '../support/database.js'
import { icuDatabase } from '../support/icu-database.js'
import { project } from '../toy-project/index.js'
import { toyPolicy } from '../toy-project/policy.js'
import { daysAgo, writtenOn } from './retention/retained-history.js'
import { type TestRegistry, testRegistry } from './test-registry.js'

const OPENED = Date.parse('2001-01-20T00:00:00Z')
const RUN = 'release/toy/restored'
const A_DAY = 60
const IDS = ['B', 'a', 'Z', 'ä', 'A-1']

let old: World
let request: ExposureRequest
let server: TestDatabase
let restored: TestRegistry
let folder: string
let exported: string[]
let owner: pg.Client

beforeAll(async () => {
  old = await openWorld()
  const { registry, databaseUrl } = old
  owner = new pg.Client({ connectionString: databaseUrl })
  await owner.connect()
  // The ids of the old server lie far above those that the new one has used.
  await owner.query('do $$ begin for i in 1..30000 loop perform pg_current_xact_id(); commit; end loop; end $$')
  const run = await candidate(old, 0.2, RUN)
  await openCanary(old, run, 5_000, inputOf(RUN, {}, { eventStart: OPENED, wallStart: OPENED, speed: 1 }))
  request = canaryRequest(RUN, OPENED, {
    candidate: run.releaseId,
    reference: old.baseline,
    policy: { ...toyPolicy, deadline: '100d', judge: { ...toyPolicy.judge, minMature: 1e6 } },
    step: 1,
  })
  for (let day = 0; day < 3; day += 1) await exposedOn(registry, day)
  await lookOn(registry, 4)
  // Days that are closed: by this build, and by one before digest version 2.
  await writtenOn({ owner }, daysAgo(3), { project: 'toy', decisions: IDS })
  const day = { project: 'toy', table: 'decisions' as const, day: daysAgo(3) }
  const body = { ...day, ...(await registry.retention.digestDay(day, 1)) }
  const key = dayClosedKey('decisions', day.day)
  await registry.ledger.append({ project: 'toy', kind: 'day_closed', subject: 'decisions', key, body })
  await writtenOn({ owner }, daysAgo(2), { project: 'toy', decisions: IDS.map((id) => `${id}2`) })
  await registry.retention.closeDays()
  await registry.retention.coverDays()
  await registry.ledger.recordHeads()
  exported = []
  await registry.ledger.export(async (line) => void exported.push(line.trimEnd()))

  server = await ownServer()
  restored = await testRegistry(await icuDatabase(server))
  await copyDatabase(databaseUrl, restored.url)
  cpSync(join(old.folder, 'artifacts'), restored.artifactsFolder, { recursive: true })
  folder = mkdtempSync(join(tmpdir(), 'slipway-restored-'))
})
afterAll(async () => {
  await restored?.stop()
  await server?.stop()
  await owner?.end()
  await old?.stop()
  if (folder) rmSync(folder, { recursive: true, force: true })
})

/** Decisions of both arms on one day of event time, with their labels. */
async function exposedOn({ evidence }: Registry, day: number): Promise<void> {
  const at = OPENED + day * DAY_MS
  const rows = Array.from({ length: A_DAY }, (_, index) => ({
    id: `day ${day}, ${index}`,
    arm: index % 2 === 0 ? ('canary' as const) : ('production' as const),
  }))
  await evidence.recordDecisions(
    'toy',
    rows.map(({ id, arm }) => ({
      decisionId: id,
      workflowId: RUN,
      releaseId: arm === 'canary' ? request.candidate : request.reference,
      arm,
      source: 'live',
      entityHash: id,
      eventAt: at + 3_600_000,
      output: { probability: 0.5 },
      action: 'none',
      split: { bucket: arm === 'canary' ? 0 : 9_999, weight: 5_000 },
    })),
  )
  await evidence.recordOutcomes(
    'toy',
    rows.map(({ id }, index) => ({
      decisionId: id,
      version: 1,
      label: 1,
      loss: index % 3,
      observedAt: at + 7_200_000,
    })),
  )
}

async function lookOn(registry: Registry, day: number): Promise<void> {
  const projects = new Map([['toy', project as Project]])
  const deps = { ...old, registry, projects, now: () => OPENED + day * DAY_MS, workFolder: '' }
  const watch = createWatchExposure(deps, () => Promise.reject(new Error('nothing is loaded')))
  await expect(watch(request)).rejects.toThrow(/next look/)
}

const looks = async ({ ledger }: Registry) =>
  bodiesOf(await ledger.entries('toy', { kind: 'judgement', subject: RUN }), 'judgement')

async function* each(lines: readonly string[]): AsyncGenerator<string> {
  yield* lines
}

/** Everything that is checked after a restore (docs/backup.md). */
async function verified() {
  const { ledger } = restored.registry
  const [name = ''] = readdirSync(join(restored.artifactsFolder, 'heads'))
  const heads = readFileSync(join(restored.artifactsFolder, 'heads', name), 'utf8').trimEnd()
  const { problems, covered } = await ledger.verify()
  const { differences } = await ledger.compare(each(exported), 'the export')
  const { differences: ofHeads } = await ledger.compare(each([heads]), 'the heads')
  return { problems, differences, ofHeads, covered: covered.map(({ what }) => what) }
}

it('verifies: entries, artifacts and closed days are those that were backed up, and old day digests are covered', async () => {
  const { rows } = await restored.owner.query<{ lower: boolean; sorted: string[] }>(
    `
    select (select min(written_xid) from decisions where workflow_id = '${RUN}') > pg_current_xact_id() as lower,
      (select array_agg(id order by id) from unnest($1::text[]) id) as sorted`,
    [IDS],
  )
  expect(rows).toEqual([{ lower: true, sorted: ['a', 'ä', 'A-1', 'B', 'Z'] }])
  expect(await verified()).toEqual({
    problems: [],
    differences: [],
    ofHeads: [],
    covered: [`decisions of ${daysAgo(3)}: digest version 1 is covered by version 2`],
  })
})

it('answers decisions with the releases that were in force', async () => {
  const service = await startService({
    registry: restored.registry,
    artifacts: createArtifactStore(restored.artifactsFolder),
    projects: new Map([['toy', project as Project]]),
    spoolFolder: join(folder, 'spool'),
  })
  try {
    const arms = new Map<string, string>()
    for (let entity = 0; arms.size < 2 && entity < 200; entity += 1) {
      const answer = await service.decide('toy', { entityKey: `entity ${entity}`, input: { x: 1, z: 0 } })
      arms.set(answer.arm, answer.releaseId)
    }
    expect(Object.fromEntries(arms)).toEqual({ canary: request.candidate, production: request.reference })
  } finally {
    await service.stop()
  }
})

it('judges: rows from before count in new looks, and rows written now do not enter the looks from before', async () => {
  const { registry } = restored
  const before = (await looks(registry)).at(-1)
  expect(before?.judgement.numbers.mature).toEqual({ challenger: 90, reference: 90 })
  for (let day = 3; day < 5; day += 1) await exposedOn(registry, day)
  // A late label of a day that the first look had judged.
  await registry.evidence.recordOutcomes('toy', [
    { decisionId: 'day 0, 0', version: 2, label: 1, loss: 9, observedAt: OPENED + 8_000_000 },
  ])
  const cohorts = (on: Registry) =>
    on.evidence.cohorts({
      project: 'toy',
      workflowId: RUN,
      arms: ['canary', 'production'],
      source: 'live',
      from: OPENED,
      asOf: OPENED + 4 * DAY_MS,
      labelHorizonMs: DAY_MS,
      ...(before?.cut === undefined ? {} : { cut: before.cut }),
    })
  const asJudged = await cohorts(old.registry)
  expect(asJudged.length).toBeGreaterThan(0)
  expect(await cohorts(registry)).toEqual(asJudged)
  await lookOn(registry, 6)
  const now = (await looks(registry)).at(-1)
  expect(now?.judgement.numbers.mature).toEqual({ challenger: 150, reference: 150 })
  expect(now?.cut).not.toBe(before?.cut)
})

it('continues: production moves, the ledger continues after what was restored, and another restart finds the same', async () => {
  await promote({ ...old, registry: restored.registry }, { releaseId: request.candidate, workflowId: RUN })
  expect(await restored.registry.aliases.current('toy')).toEqual({ production: request.candidate, canary: null })
  const again = await openRegistry({ databaseUrl: restored.url, artifactsFolder: restored.artifactsFolder })
  expect(await again.aliases.current('toy')).toEqual({ production: request.candidate, canary: null })
  await again.close()
  expect(await verified()).toMatchObject({ problems: [], differences: [], ofHeads: [] })
})
