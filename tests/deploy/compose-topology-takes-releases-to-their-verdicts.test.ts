/**
 * The services of docker-compose.yml as native processes, with its commands and environments: the production Temporal
 * server and the registry on PostgreSQL, artifacts in S3, two workers, two decision services. One release per project
 * reaches its verdict.
 */
import { readdirSync } from 'node:fs'
import { Client, Connection } from '@temporalio/client'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { traceOfRun } from '../../contracts/traces.js'
import { closeable } from '../support/harness.js'
import { otlpReceiver } from '../support/otlp-receiver.js'
import { commandLines, contentsOf, filesWith, secretsIn } from '../support/planted-secrets.js'
import { descendants } from '../support/slipway-process.js'
import { eventually } from '../support/steer.js'
import { readable } from '../support/stored-text.js'
import { openTopology, type Started, type Topology } from '../support/topology.js'

/** Training small enough for two cores; gates and policies are those of the projects. */
const RELEASES: Readonly<Record<string, readonly string[]>> = {
  eta: ['epochs=2', 'trainDays=40'],
  ranking: ['trainDays=7', 'epochs=2'],
  forecast: ['epochs=2', 'rows=20000'],
  vision: ['epochs=3', 'mostPhotos=600'],
}
const SPEED = '100000'

/** Beside those of the installation; values that stand nowhere by chance. */
const PLANTED = {
  SLIPWAY_IDENTITY_SECRET: 'planted-identity-secret-0123456789abcdef',
  SLIPWAY_WEBHOOK_SECRET: 'whsec_cGxhbnRlZC13ZWJob29rLXNlY3JldC0wMTIz',
  SLIPWAY_WEBHOOK_URL: 'http://127.0.0.1:9/hooks/planted-token-of-a-webhook',
}

let receiver: Awaited<ReturnType<typeof otlpReceiver>>
let on: Topology & { close(): Promise<void> }
let decisions: readonly Started[] = []
let workers: readonly Started[] = []
beforeAll(async () => {
  receiver = await otlpReceiver()
  on = await closeable(openTopology)
  const more = { ...PLANTED, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_BSP_SCHEDULE_DELAY: '200' }
  await Promise.all([on.job('namespace'), on.job('bucket'), on.job('migrate')])
  const [started] = await Promise.all([
    Promise.all([
      on.start(['worker'], { ...more, SLIPWAY_TASK_QUEUES: 'slipway,slipway-eta,slipway-ranking' }),
      on.start(['worker-vision'], { ...more, SLIPWAY_TASK_QUEUES: 'slipway-forecast,slipway-vision' }),
    ]),
    on.job('baselines'),
  ])
  workers = started
  // Before this step no worker gets work.
  expect(await on.job('current-build')).toMatch(/^build \S+ replayed \d+ recorded and 0 open runs and is now current$/m)
  decisions = await Promise.all([on.start(['decisions-a'], more), on.start(['decisions-b'], more)])
}, 900_000)
afterAll(async () => {
  await on?.close()
  await receiver?.stop()
})

const cli = async (...args: string[]) =>
  (await on.job('cli', [...args, '--json']))
    .trim()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>)

it('a release of each project reaches its verdict', async () => {
  // Each of them to its end: the first that fails must not hide what became of the others.
  const settled = await Promise.allSettled(
    Object.entries(RELEASES).map(async ([project, parameters]) => {
      const given = parameters.flatMap((parameter) => ['--parameter', parameter])
      const options = ['--trigger', 'topology', '--speed', SPEED, '--wait', ...given]
      const [started, end] = await cli('release', 'start', project, ...options)
      expect(started).toMatchObject({ workflowId: `release/${project}/topology` })
      return { ...end, project } as { project: string; verdict: string; releaseId: string; reason: string }
    }),
  )
  const failed = settled.flatMap((one) => (one.status === 'rejected' ? [String(one.reason).slice(-2_000)] : []))
  expect(failed, workers.map((worker) => worker.output().slice(-2_000)).join('\n')).toEqual([])
  const ends = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  console.log(ends.map(({ project, verdict, reason }) => `${project}: ${verdict} (${reason})`).join('; '))
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
  // Without the many lines that no expectation below reads, so that a failure shows what there is.
  const text = all
    .flatMap((one) => one.split('\n'))
    .filter((line) =>
      /^(temporal_activity_schedule_to_start|slipway_look_|slipway_computing_\w+_(count|activities))/.test(line),
    )
    .join('\n')
  expect(text).toMatch(/^temporal_activity_schedule_to_start_latency_bucket/m)
  const looks = text.match(/^slipway_look_seconds_count\{[^}]*action="promote"[^}]*\} (\d+)$/m)
  expect(Number(looks?.[1])).toBeGreaterThan(0)
  expect(text).toMatch(/^slipway_look_seconds_bucket\{.*phase="canary".*project="eta".*le="0\.05"/m)
  expect(text).toMatch(/^slipway_computing_wait_seconds_count\{.*taskQueue="slipway-eta".*\} [1-9]/m)
  expect(text).toMatch(/^slipway_computing_queue_activities\{.*activityType="trainCandidate".*\} 0$/m)
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
      // Without the server's own processes, such as autovacuum, which have no user.
      `select distinct usename from pg_stat_activity
       where datname = 'slipway' and backend_type = 'client backend' order by 1`,
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

it('a release is one trace from its trigger to its verdict, and a decision is in the trace of its caller', async () => {
  const trace = traceOfRun('release/eta/topology')
  const spans = await eventually('the span of the run', async () => {
    const all = receiver.spans.filter(({ traceId }) => traceId === trace.traceId)
    return all.some(({ name }) => name === 'release') ? all : undefined
  })
  const run = spans.find(({ name }) => name === 'release')
  expect(run).toMatchObject({ ...trace, attributes: { 'slipway.verdict': expect.any(String) as string } })
  const parts = spans.filter(({ name }) => name !== 'release')
  const names = parts.map(({ name }) => name)
  expect(names).toEqual(
    expect.arrayContaining(['importSnapshot', 'trainCandidate', 'evaluateCandidate', 'watchExposure', 'promote']),
  )
  for (const { parentSpanId, service } of parts)
    expect([parentSpanId, service]).toEqual([trace.spanId, 'slipway-worker'])
  const caller = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' }
  await fetch(`http://127.0.0.1:${decisions[0]?.port}/v1/projects/eta/decisions`, {
    method: 'POST',
    body: JSON.stringify({ entityKey: 'parcel-2', input: FLIGHT, decisionId: 'traced' }),
    ...token({ 'content-type': 'application/json', traceparent: `00-${caller.traceId}-${caller.spanId}-01` }),
  })
  const decided = await eventually('the decision', async () =>
    receiver.spans.find(({ attributes }) => attributes['slipway.decision'] === 'traced'),
  )
  expect(decided).toMatchObject({ name: 'decide', traceId: caller.traceId, parentSpanId: caller.spanId })
  expect(decided.service).toBe('slipway-decisions')
})

it('no secret is in a history, a log, the database, a file, a report, an export, a page, a command line or a trainer', async () => {
  const { S3_ACCESS_KEY: _, ...drawn } = on.secrets
  const secrets: Record<string, string> = { ...drawn, ...PLANTED }
  const found: Record<string, string[]> = {}
  const look = (where: string, text: string) => {
    expect(text.length, `${where} is empty`).toBeGreaterThan(0)
    const names = secretsIn(text, secrets)
    if (names.length > 0) found[where] = names
  }
  // They are where they have to be: what is looked for can be found.
  const ofWorker = secretsIn(contentsOf(`/proc/${workers[0]?.pid}/environ`), secrets)
  expect(ofWorker).toEqual(
    expect.arrayContaining(['S3_WORKER_SECRET_KEY', 'SLIPWAY_WEBHOOK_SECRET', 'SLIPWAY_RUNTIME_PASSWORD']),
  )
  for (const { pid } of [...workers, ...decisions])
    expect(secretsIn(contentsOf(`/proc/${pid}/environ`), secrets)).not.toContain('S3_SECRET_KEY')

  const connection = await Connection.connect({ address: on.temporalAddress })
  const client = new Client({ connection, namespace: 'slipway' })
  for (const project of Object.keys(RELEASES)) {
    const history = await client.workflow.getHandle(`release/${project}/topology`).fetchHistory()
    look(`the history of ${project}`, readable(history.events))
  }
  await connection.close()
  for (const [index, one] of [...workers, ...decisions].entries()) look(`log ${index}`, `${one.output()} `)
  look('the report', await on.job('cli', ['report', 'release/eta/topology', '--out', '-']))
  look('the export', await on.job('cli', ['registry', 'export', '--out', '-']))
  look('the traces', receiver.text())
  look('the command lines', commandLines())
  for (const { pid } of workers)
    for (const trainer of await descendants(pid)) look('a trainer', `${contentsOf(`/proc/${trainer}/environ`)} `)
  for (const [path, text] of await pagesOf(decisions[0])) look(path, text)
  for (const { port } of workers) look('metrics', await (await fetch(`http://127.0.0.1:${port}/metrics`)).text())
  Object.assign(found, await tablesWith(Object.values(secrets)))
  expect(found).toEqual({})
  // Set up by the operator, and the configuration of the Temporal server, as its image writes it.
  const files = Object.keys(filesWith(on.folder, secrets))
  expect(files.filter((file) => !['.env', 'config/production.yaml'].includes(file))).toEqual([])
  expect(Object.keys(filesWith(on.root, secrets))).toEqual([])
}, 300_000)

/** Pages of the console that can be reached from the first one, and what it serves for programs. */
async function pagesOf(service: Started | undefined): Promise<Map<string, string>> {
  const seen = new Map<string, string>()
  const open = ['/', '/openapi.json', '/readyz', '/metrics', '/v1/decisions/by-1/trace']
  for (let path = open.shift(); path !== undefined && seen.size < 60; path = open.shift()) {
    if (seen.has(path)) continue
    const text = await (await fetch(`http://127.0.0.1:${service?.port}${path}`, token())).text()
    seen.set(path, text)
    open.push(...[...text.matchAll(/href="(\/[^"#]*)"/g)].map(([, to = '']) => to.replaceAll('&amp;', '&')))
  }
  expect([...seen.keys()].filter((path) => path.includes('/releases/')).length).toBeGreaterThan(4)
  return seen
}

/** Tables of the registry that have a row with one of these texts. */
async function tablesWith(texts: readonly string[]): Promise<Record<string, string[]>> {
  const url = new URL(on.databaseUrl)
  url.pathname = '/slipway'
  const client = new pg.Client({ connectionString: url.href })
  await client.connect()
  try {
    const { rows } = await client.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname !~ '^(pg_|information_schema)'`,
    )
    expect(rows.length).toBeGreaterThan(5)
    const found: Record<string, string[]> = {}
    for (const { name } of rows) {
      const { rows: hits } = await client.query<{ text: string }>(
        `select distinct s as text from ${name} t, unnest($1::text[]) s where position(s in t::text) > 0`,
        [texts],
      )
      if (hits.length > 0) found[name] = hits.map(({ text }) => text.slice(0, 4))
    }
    return found
  } finally {
    await client.end()
  }
}

it('every job can run again and changes nothing', async () => {
  for (const name of ['databases', 'temporal-schema', 'namespace', 'bucket', 'migrate', 'baselines', 'current-build'])
    await on.job(name)
  expect(await cli('registry', 'verify')).toMatchObject([{ problems: [] }])
})
