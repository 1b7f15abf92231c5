/** Releases wait for weeks: today's workflow code must be able to continue the runs of earlier builds. */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode, Worker } from '@temporalio/worker'
import { beforeAll, expect, it } from 'vitest'
import { WORKFLOWS_PATH, type WorkflowBundle } from '../../workers/create-workers.js'
import { quietRuntime } from '../support/quiet-runtime.js'
import { testBundle } from '../support/workflow-bundle.js'

const FOLDER = fileURLToPath(new URL('../histories/', import.meta.url))
const path = (file: string) => fileURLToPath(new URL(`../support/changed-workflows/${file}`, import.meta.url))
const logger = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, log() {} }

interface Recorded {
  readonly name: string
  readonly workflowId: string
  readonly history: { readonly events: readonly { readonly eventType: string }[] }
  readonly bytes: number
}

const recorded: Recorded[] = readdirSync(FOLDER).map((file) => {
  const text = readFileSync(`${FOLDER}${file}`, 'utf8')
  const { workflowId, events } = JSON.parse(text)
  return { name: file.replace('.json', ''), workflowId, history: { events }, bytes: text.length }
})
const ended = recorded.filter(
  ({ history }) => history.events.at(-1)?.eventType === 'EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED',
)

beforeAll(quietRuntime)

/** @returns the result of replaying each of them, by name */
async function replay(workflowBundle: WorkflowBundle, histories: readonly Recorded[]): Promise<Record<string, string>> {
  const said: Record<string, string> = {}
  for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle }, histories as never)) {
    const { name } = histories.find((one) => one.workflowId === workflowId) as Recorded
    said[name] = error ? error.name : 'replayed'
  }
  return said
}

const all = (histories: readonly Recorded[], word: string) =>
  Object.fromEntries(histories.map(({ name }) => [name, word]))

it('there is one for every path of a release, and each is small', () => {
  expect(recorded.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'promoted',
      'promoted-after-a-shadow',
      'held-by-a-gate',
      'held-undecided',
      'rolled-back',
      'aborted',
      'cancelled',
      'failed',
      'paused-resumed-extended',
      'promoted-by-hand',
      'approved-by-a-proven-name',
      'operated-in-bursts',
      'continued',
      'reverted-by-a-breach',
      'reverted-by-abort',
      'queued',
      'queued-and-judged-again',
      'superseding',
      'superseding-holder',
      'superseded-in-probation',
      'rolled-back-by-hand',
      'production-changed',
      'approved',
      'approval-missing',
      'waiting',
      'waiting-in-probation',
      'waiting-paused',
      'scheduled',
      'scheduled-again',
      'scheduled-meanwhile',
      'watch-started',
      'watch-suppressed',
      'watch-by-hand',
      'watch-refused',
      'canary-without-looks',
      'probation-without-looks',
    ]),
  )
  const open = recorded
    .filter((one) => !ended.includes(one))
    .map(({ name }) => name)
    .sort()
  expect(open).toEqual(['waiting', 'waiting-in-probation', 'waiting-paused', 'watch-refused'])
  for (const { name, history, bytes } of recorded) {
    expect(history.events.length, name).toBeLessThan(150)
    expect(bytes, name).toBeLessThan(200_000)
  }
})

it('today’s workflows replay every one of them', async () => {
  expect(await replay(await testBundle(), recorded)).toEqual(all(recorded, 'replayed'))
})

it('one that does a step more at the start replays none of them', async () => {
  const changed = await bundleWorkflowCode({ workflowsPath: path('extra-step-at-start.ts'), logger })
  expect(await replay(changed, recorded)).toEqual(all(recorded, 'DeterminismViolationError'))
})

it('one that does a step more at the end replays none that have ended', async () => {
  const changed = await bundleWorkflowCode({
    workflowsPath: WORKFLOWS_PATH,
    workflowInterceptorModules: [path('extra-step-at-end.ts')],
    logger,
  })
  expect(await replay(changed, ended)).toEqual(all(ended, 'DeterminismViolationError'))
})
