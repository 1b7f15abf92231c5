/** A release waits for weeks and outlives the build that began it: the next build continues it, if it can replay it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode } from '@temporalio/worker'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { WORKFLOWS_PATH } from '../../workers/create-workers.js'
import { type DevServer, devServer } from '../support/dev-server.js'
import { slipway } from '../support/slipway.js'
import { eventually, looksOf, operate, pendingOf, resultOf, startOver, stateOf } from '../support/steer.js'
import { startWorkerProcess, type WorkerProcess } from '../support/worker-process.js'
import { testBundle } from '../support/workflow-bundle.js'
import { LITTLE_TRAFFIC } from '../toy-project/index.js'
import { toyPolicy } from '../toy-project/policy.js'

const folder = mkdtempSync(join(tmpdir(), 'slipway-builds-'))
const logger = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, log() {} }
const [older, newer, broken] = ['older', 'newer', 'broken'].map((name) => join(folder, `${name}.js`)) as [
  string,
  string,
  string,
]

let on: DevServer
let workers: WorkerProcess[] = []
beforeAll(async () => {
  on = await devServer()
  const { code } = await testBundle()
  writeFileSync(newer, code)
  // Another text, so another build; the same steps.
  writeFileSync(older, `/* an earlier build */\n${code}`)
  const changed = fileURLToPath(new URL('../support/changed-workflows/extra-step-at-end.ts', import.meta.url))
  const bundled = await bundleWorkflowCode({
    workflowsPath: WORKFLOWS_PATH,
    workflowInterceptorModules: [changed],
    logger,
  })
  writeFileSync(broken, bundled.code)
})
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.kill()))
  workers = []
  await startOver(on)
})
afterAll(async () => {
  await on?.close()
  rmSync(folder, { recursive: true, force: true })
})

const build = (bundle: string) => ({
  ...on.environment,
  SLIPWAY_DEPLOYMENT: 'slipway',
  SLIPWAY_WORKFLOW_BUNDLE: bundle,
})

async function worker(bundle: string): Promise<WorkerProcess> {
  const started = await startWorkerProcess(build(bundle))
  workers.push(started)
  return started
}

interface Done {
  readonly buildId: string
  readonly recorded: number
  readonly open: number
  readonly refused: readonly { readonly workflowId: string; readonly why: string }[]
  readonly current: boolean
  readonly previous: string | null
}

async function upgrade(bundle: string, ...more: string[]): Promise<Done & { code: number | null }> {
  const { code, stdout, stderr } = await slipway(['upgrade', '--json', ...more], build(bundle))
  if (!stdout) throw new Error(stderr)
  return { code, ...(JSON.parse(stdout) as Done) }
}

/** Builds that ran the workflow's tasks, in order, each once. */
async function buildsOf(id: string): Promise<string[]> {
  const { events } = await on.client.workflow.getHandle(id).fetchHistory()
  const builds = (events ?? []).flatMap(
    ({ workflowTaskCompletedEventAttributes: task }) => task?.deploymentVersion?.buildId ?? [],
  )
  return builds.filter((one, index) => one !== builds[index - 1])
}

/** Never decided by itself, so that however slow a build is replayed the release still waits. */
const policy = {
  ...toyPolicy,
  deadline: '200d',
  judge: { ...toyPolicy.judge, minMature: 1_000_000 },
  probation: { ...toyPolicy.probation, lasts: '1d' },
}

async function waitingRelease(trigger: string): Promise<string> {
  const cutoff = '2001-01-21T00:00:00.000Z'
  const id = await on.start(trigger, { dayMs: 2_500, cutoff, policy, source: LITTLE_TRAFFIC })
  await eventually('a canary that waits for its second look', async () => {
    const pending = await pendingOf(on, id)
    return pending?.type === 'watchExposure' && pending.waits && (await looksOf(on, id)).length > 0
  })
  return id
}

async function promoted(id: string): Promise<void> {
  await operate(on, id, 'promote')
  const result = await resultOf(on, id)
  expect(result.verdict).toBe('promoted')
}

it('a release that an older build began ends under the new one, with no worker of the old one left', async () => {
  const first = await worker(older)
  const before = await upgrade(older)
  expect(before).toMatchObject({ code: 0, refused: [], current: true, previous: null })
  const id = await waitingRelease('across-builds')
  expect(await buildsOf(id)).toEqual([before.buildId])

  const checked = await upgrade(newer, '--check')
  expect(checked).toMatchObject({ code: 0, refused: [], open: 1, current: false, previous: null })
  expect(checked.recorded).toBeGreaterThan(15)
  await first.stop()
  await worker(newer)
  const after = await upgrade(newer)
  expect(after).toMatchObject({ code: 0, refused: [], open: 1, current: true, previous: before.buildId })
  expect(after.buildId).not.toBe(before.buildId)

  await promoted(id)
  expect(await buildsOf(id)).toEqual([before.buildId, after.buildId])
  const { events } = await on.client.workflow.getHandle(id).fetchHistory()
  expect(events?.length).toBeLessThan(150)
  // Done again it changes nothing.
  expect(await upgrade(newer)).toMatchObject({ code: 0, current: true, previous: after.buildId })
})

it('a build that cannot replay the open releases is refused, and the build before it continues them', async () => {
  await worker(newer)
  const current = await upgrade(newer)
  const id = await waitingRelease('refused-build')
  await worker(broken)
  const refused = await upgrade(broken)
  expect(refused).toMatchObject({ code: 1, current: false, previous: null, open: 1 })
  expect(refused.buildId).not.toBe(current.buildId)
  // What it does otherwise it does at the end: every recorded run that has ended finds it.
  expect(refused.refused.length).toBeGreaterThan(15)
  expect(refused.refused[0]?.why).toMatch(/nondeterminism|determinism/i)

  expect((await stateOf(on, id)).stage).toBe('canary')
  await promoted(id)
  expect(await buildsOf(id)).toEqual([current.buildId])
})
