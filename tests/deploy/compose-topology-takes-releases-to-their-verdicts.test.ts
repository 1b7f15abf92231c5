/**
 * The services of docker-compose.yml as native processes, with its commands and environments: the production Temporal
 * server and the registry on PostgreSQL, artifacts in S3, two workers, two decision services. One release per project
 * reaches its verdict.
 */
import { readdirSync } from 'node:fs'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { closeable } from '../support/harness.js'
import { openTopology, type Started, type Topology } from '../support/topology.js'

/** Training small enough for two cores; gates and policies are those of the projects. */
const RELEASES: Readonly<Record<string, readonly string[]>> = {
  eta: ['epochs=2', 'trainDays=40'],
  ranking: ['trainDays=7', 'epochs=2'],
  forecast: ['epochs=2', 'rows=20000'],
  vision: ['epochs=3', 'mostPhotos=600'],
}
const SPEED = '100000'

let on: Topology & { close(): Promise<void> }
let decisions: readonly Started[] = []
let workers: readonly Started[] = []
beforeAll(async () => {
  on = await closeable(openTopology)
  await Promise.all([on.job('namespace'), on.job('migrate')])
  const [started] = await Promise.all([
    Promise.all([
      on.start(['worker'], { SLIPWAY_TASK_QUEUES: 'slipway,slipway-eta,slipway-ranking' }),
      on.start(['worker-vision'], { SLIPWAY_TASK_QUEUES: 'slipway-forecast,slipway-vision' }),
    ]),
    on.job('baselines'),
  ])
  workers = started
  // Before this step no worker gets work.
  expect(await on.job('current-build')).toMatch(/^build \S+ replayed \d+ recorded and 0 open runs and is now current$/m)
  decisions = await Promise.all([on.start(['decisions-a']), on.start(['decisions-b'])])
}, 900_000)
afterAll(() => on?.close())

const cli = async (...args: string[]) =>
  (await on.job('cli', [...args, '--json']))
    .trim()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>)

it('a release of each project reaches its verdict', async () => {
  const ends = await Promise.all(
    Object.entries(RELEASES).map(async ([project, parameters]) => {
      const given = parameters.flatMap((parameter) => ['--parameter', parameter])
      const options = ['--trigger', 'topology', '--speed', SPEED, '--wait', ...given]
      const [started, end] = await cli('release', 'start', project, ...options)
      expect(started).toMatchObject({ workflowId: `release/${project}/topology` })
      return end as { project: string; verdict: string; releaseId: string; reason: string }
    }),
  )
  console.log(ends.map(({ project, verdict, reason }) => `${project}: ${verdict} (${reason})`).join('; '))
  expect(ends.map(({ project }) => project).sort()).toEqual(Object.keys(RELEASES).sort())
  for (const { project, verdict, releaseId, reason } of ends) {
    expect(['promoted', 'held', 'rolled_back', 'reverted'], `${project}: ${reason}`).toContain(verdict)
    const answer = await fetch(`http://127.0.0.1:${decisions[0]?.port}/v1/projects/${project}/aliases`, token())
    expect(await answer.json()).toMatchObject({ production: verdict === 'promoted' ? releaseId : `${project}_v1` })
  }
  // With the default data these pass gates and labels on one machine; another topology must not change that.
  expect(ends.filter(({ verdict }) => verdict === 'promoted').length).toBeGreaterThan(1)
}, 900_000)

const token = (more: Record<string, string> = {}) => ({
  headers: { authorization: `Bearer ${on.secrets.SLIPWAY_TOKEN}`, ...more },
})
const FLIGHT = { scheduled: 986_112_000_000, carrier: 'DL', origin: 'ATL', destination: 'MCO', distance: 403 }

it('a worker measures looks, waits and failed attempts beside what the SDK measures', async () => {
  const all = await Promise.all(
    workers.map(async ({ port }) => (await fetch(`http://127.0.0.1:${port}/metrics`)).text()),
  )
  const text = all.join('\n')
  expect(text).toMatch(/^temporal_activity_schedule_to_start_latency_bucket/m)
  const looks = text.match(/^slipway_look_seconds_count\{[^}]*action="promote"[^}]*\} (\d+)$/m)
  expect(Number(looks?.[1])).toBeGreaterThan(0)
  expect(text).toMatch(/^slipway_look_seconds_bucket\{.*phase="canary".*project="eta".*le="0\.05"/m)
  expect(text).toMatch(/^slipway_computing_wait_seconds_count\{.*task_queue="slipway-eta".*\} [1-9]/m)
  expect(text).toMatch(/^slipway_computing_queue_activities\{.*activity_type="trainCandidate".*\} 0$/m)
})

it('both decision services answer from the same release, and refuse requests without a token', async () => {
  const ask = async ({ port }: Started, entityKey: string, decisionId: string) => {
    const body = JSON.stringify({ entityKey, input: FLIGHT, decisionId })
    const url = `http://127.0.0.1:${port}/v1/projects/eta/decisions`
    const answer = await fetch(url, { method: 'POST', body, ...token({ 'content-type': 'application/json' }) })
    expect(answer.status).toBe(200)
    return (await answer.json()) as { decisionId: string; releaseId: string; arm: string }
  }
  expect(decisions).toHaveLength(2)
  const answers = await Promise.all(decisions.map((service, index) => ask(service, 'parcel-1', `by-${index}`)))
  expect(answers[0]).toMatchObject({ releaseId: answers[1]?.releaseId, arm: answers[1]?.arm })
  // The same decision from the other service, as the proxy requests it when the first one is down.
  const [first, second] = decisions as [Started, Started]
  const again = await ask(second, 'parcel-1', 'by-0')
  expect(again).toEqual(answers[0])
  const refused = await fetch(`http://127.0.0.1:${first.port}/v1/projects/eta/aliases`)
  expect(refused.status).toBe(401)
  const [traced] = await cli('trace', 'by-1')
  expect(traced).toMatchObject({ intact: true })
})

it('services use the runtime role, artifacts are in the bucket, and the whole ledger verifies', async () => {
  const client = new pg.Client({ connectionString: on.databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query<{ usename: string }>(
      `select distinct usename from pg_stat_activity where datname = 'slipway' order by 1`,
    )
    expect(rows.map(({ usename }) => usename)).toEqual(['slipway_runtime'])
    const owner = await client.query<{ datname: string; owner: string }>(
      `select datname, pg_get_userbyid(datdba) as owner from pg_database where datname ~ '^(slipway|temporal)' order by 1`,
    )
    expect(owner.rows).toEqual([
      { datname: 'slipway', owner: 'slipway_migrator' },
      { datname: 'temporal', owner: 'temporal' },
      { datname: 'temporal_visibility', owner: 'temporal' },
    ])
  } finally {
    await client.end()
  }
  const objects = readdirSync(on.root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  expect(objects.length).toBeGreaterThanOrEqual(4 * 4)
  expect(await cli('registry', 'verify')).toMatchObject([{ problems: [] }])
})

it('every job can run again and changes nothing', async () => {
  for (const name of ['databases', 'temporal-schema', 'namespace', 'migrate', 'baselines', 'current-build'])
    await on.job(name)
  expect(await cli('registry', 'verify')).toMatchObject([{ problems: [] }])
})
