import { setTimeout as sleep } from 'node:timers/promises'
import { MockActivityEnvironment } from '@temporalio/testing'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { projectActivities, sharedActivities } from '../../activities/create-activities.js'
import { DAY_MS } from '../../contracts/duration.js'
import { connect } from '../../registry/database/connect.js'
import { withAddress } from '../../registry/database/database-errors.js'
import { createCohortReader } from '../../registry/evidence/cohorts.js'
import { openRegistry, type Registry } from '../../registry/index.js'
import { releases, type TestRegistry, testRegistry } from '../registry/test-registry.js'
import { canaryRequest } from '../support/canary-request.js'
import { project } from '../toy-project/index.js'

const OPENED = Date.parse('2001-01-20T00:00:00Z')
const NOW = OPENED + DAY_MS

const request = canaryRequest('release/toy/hangs', OPENED, { step: 1 })

let test: TestRegistry
/** With one connection: it has to be usable again after a query was cancelled. */
let registry: Registry
/** The role of services does not see what others do. */
let watcher: pg.Client

beforeAll(async () => {
  test = await testRegistry()
  const [releaseId = ''] = await releases(test.registry, 'toy', 1)
  const move = { project: 'toy', alias: 'production', expected: null, to: releaseId, actor: 'test' } as const
  await test.registry.aliases.move({ ...move, reason: 'baseline', workflowId: null, evidence: null, key: 'baseline' })
  registry = await openRegistry({ databaseUrl: test.url, artifactsFolder: test.artifactsFolder, poolSize: 1 })
  watcher = new pg.Client({ connectionString: test.url })
  await watcher.connect()
})
afterAll(async () => {
  await registry?.close()
  await watcher?.end()
  await test?.stop()
})

const deps = () =>
  ({ ...test, registry, projects: new Map([['toy', project]]), now: () => NOW, workFolder: '' }) as never

const queries = async (): Promise<number> => {
  const { rows } = await watcher.query(`
    select count(*)::int as n from pg_stat_activity
    where datname = current_database() and application_name = 'slipway' and state <> 'idle'`)
  return rows[0].n
}

const until = async (count: number) => {
  while ((await queries()) !== count) await sleep(20)
}

const lock = (table: string) => test.owner.query(`begin; lock table ${table} in access exclusive mode`)

beforeEach(() => until(0))

const HANGING = [
  ['a look', 'outcomes', () => projectActivities(deps()).watchExposure, request],
  [
    'an activity of the shared queue',
    'chain_entries',
    () => sharedActivities(deps()).findProduction,
    { project: 'toy' },
  ],
] as const

it.each(HANGING)(
  '%s whose query hangs sends heartbeats; cancelled, it leaves no query behind',
  async (_name, table, activity, input) => {
    await lock(table)
    try {
      const environment = new MockActivityEnvironment()
      let beats = 0
      environment.on('heartbeat', () => {
        beats += 1
      })
      const run = environment.run(activity() as (input: unknown) => Promise<unknown>, input)
      const ended = expect(run).rejects.toThrow(/CANCELLED/)
      await until(1)
      while (beats === 0) await sleep(50)
      environment.cancel('CANCELLED')
      await ended
      expect(await queries()).toBe(0)
    } finally {
      await test.owner.query('rollback')
    }
    expect((await registry.aliases.current('toy')).production).toBe('toy_v1')
  },
)

it('an activity that is cancelled before it asks does not ask', async () => {
  const environment = new MockActivityEnvironment()
  environment.cancel('CANCELLED')
  const run = environment.run(sharedActivities(deps()).findProduction, { project: 'toy' } as never)
  await expect(run).rejects.toThrow(/CANCELLED/)
})

it('a statement of a service that takes too long fails with the address, and can be tried again', async () => {
  const db = connect(test.url, { role: null, size: 1, statementMs: 200 })
  const evidence = withAddress(createCohortReader(db), 'db:5432/slipway')
  const query = { project: 'toy', workflowId: 'w', asOf: NOW, labelHorizonMs: 0 }
  await lock('outcomes')
  try {
    await expect(evidence.cohorts(query)).rejects.toMatchObject({
      type: 'Unavailable',
      message: expect.stringMatching(/^the registry database at db:5432\/slipway did not answer in time/) as string,
    })
  } finally {
    await test.owner.query('rollback')
  }
  expect(await evidence.cohorts(query)).toEqual([])
  await db.destroy()
})
