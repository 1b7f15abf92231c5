/**
 * The server refuses the signals after the 10,000th of a Temporal run, an abort included, and ends a run at 51,200
 * events. Thresholds are the real ones.
 */
import type { ApplicationFailure } from '@temporalio/client'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { breachSignal, CONTINUES } from '../../contracts/messages.js'
import { type DevServer, devServer } from '../support/dev-server.js'
import {
  attributesOf,
  entriesOf,
  eventually,
  exposed,
  operate,
  reaches,
  resultOf,
  startOver,
  stateOf,
} from '../support/steer.js'
import { runIdOf, sendMany, temporalRunsOf } from '../support/temporal-runs.js'
import { startWorkerProcess, type WorkerProcess } from '../support/worker-process.js'
import { toyPolicy } from '../toy-project/policy.js'

let on: DevServer
let worker: WorkerProcess
beforeAll(async () => {
  on = await devServer()
  worker = await startWorkerProcess(on.environment)
})
afterEach(() => startOver(on))
afterAll(async () => {
  await worker?.stop()
  await on?.close()
})

const MANY = 10_000
/** Stated in docs/architecture.md. */
const EVENTS_OF_A_RELEASE = 150
const EVENTS_OF_A_SIGNAL = 25
const MOST_EVENTS = 10_000
/** Only for a test that hangs: ten times what it takes on a busy machine of two cores. */
const WITHIN_MS = 900_000
const UPDATES = 1_700
const MEMO = { workerTimeoutMs: 60_000 }

const undecidable = { ...toyPolicy, judge: { ...toyPolicy.judge, minMature: 1_000_000 } }

/** In its canary, a day of which is an hour: no look is due meanwhile. */
async function inCanary(trigger: string): Promise<{ id: string; first: string }> {
  const id = await on.start(trigger, { dayMs: 3_600_000, policy: undecidable, ...MEMO })
  await exposed(on, id)
  return { id, first: await runIdOf(on, id) }
}

async function withinBounds(id: string, first: string, signals: number): Promise<void> {
  const runs = await temporalRunsOf(on, id, first)
  expect(runs.length).toBeGreaterThan(1)
  expect(runs.reduce((sum, run) => sum + run.signals, 0)).toBe(signals)
  for (const run of runs) {
    expect(run.signals).toBeLessThan(MANY)
    expect(run.events).toBeLessThan(EVENTS_OF_A_RELEASE + EVENTS_OF_A_SIGNAL * (run.signals + run.updates))
    expect(run.events).toBeLessThan(MOST_EVENTS)
  }
}

it(
  '10,000 breach signals: it continues as another run in the same state, and an abort is heard',
  async () => {
    const { id, first } = await inCanary('breaches')
    const [before, attributes] = [await stateOf(on, id), await attributesOf(on, id)]
    const described = await on.client.workflow.getHandle(id).describe()
    const handle = on.client.workflow.getHandle(id)
    await sendMany(on, id, MANY, () => handle.signal(breachSignal, { power: 'rollback' }))
    await eventually('another run', async () => (await runIdOf(on, id)) !== first)
    expect(await stateOf(on, id)).toEqual(before)
    const { TemporalChangeVersion: _, ...kept } = await attributesOf(on, id)
    const { TemporalChangeVersion: __, ...were } = attributes
    expect(kept).toEqual(were)
    const now = await handle.describe()
    expect(now.memo).toEqual(described.memo)
    expect(await operate(on, id, 'abort')).toMatchObject({ accepted: true })
    expect(await resultOf(on, id)).toMatchObject({ verdict: 'aborted', reason: 'operator_abort' })
    expect((await on.registry.aliases.current('toy')).canary).toBe(null)
    await withinBounds(id, first, MANY)
  },
  WITHIN_MS,
)

it(
  '10,000 operator actions with different ids, and an abort behind them',
  async () => {
    const { id, first } = await inCanary('actions')
    const handle = on.client.workflow.getHandle(id)
    await sendMany(on, id, MANY, (at) =>
      handle.signal(at % 2 === 0 ? 'pause' : 'resume', { by: 'ana', reason: 'storm', id: `a-${at}` }),
    )
    await handle.signal('abort', { by: 'ana', reason: 'storm', id: 'abort' })
    expect(await resultOf(on, id)).toMatchObject({ verdict: 'aborted', reason: 'operator_abort' })
    const recorded = await entriesOf(on, id, 'operator_action')
    expect(new Set(recorded.map(({ body }) => body.id)).size).toBe(MANY + 1)
    expect(recorded).toHaveLength(MANY + 1)
    const abort = recorded.find(({ body }) => body.id === 'abort')
    const [verdict] = await entriesOf(on, id, 'verdict')
    expect(abort?.body.accepted).toBe(true)
    expect(abort?.seq).toBeLessThan(verdict?.seq ?? 0)
    await withinBounds(id, first, MANY + 1)
  },
  WITHIN_MS,
)

it(
  'updates, of which the server takes 2,000 a run, are each answered and recorded once',
  async () => {
    const { id, first } = await inCanary('updates')
    const answers = new Map<string, boolean>()
    // The server takes ten at once.
    const senders = Array.from({ length: 8 }, async (_, sender) => {
      for (let at = sender; at < UPDATES; at += 8) {
        const answer = () => operate(on, id, at % 2 === 0 ? 'pause' : 'resume', { id: `u-${at}` })
        const { accepted } = await answer().catch((error: Error) => {
          expect((error.cause as ApplicationFailure).type).toBe(CONTINUES)
          return eventually('the next run', async () => (await runIdOf(on, id)) !== first && answer())
        })
        answers.set(`u-${at}`, accepted)
      }
    })
    await Promise.all(senders)
    const recorded = await entriesOf(on, id, 'operator_action')
    expect(new Map(recorded.map(({ body }) => [body.id, body.accepted]))).toEqual(answers)
    expect(recorded).toHaveLength(UPDATES)
    await operate(on, id, 'abort')
    await resultOf(on, id)
    expect((await temporalRunsOf(on, id, first)).length).toBeGreaterThan(1)
  },
  WITHIN_MS,
)

it(
  'a sender that does not wait keeps it from working only as long as it sends',
  async () => {
    const { id, first } = await inCanary('at-once')
    const handle = on.client.workflow.getHandle(id)
    await Promise.all(Array.from({ length: 3_000 }, () => handle.signal(breachSignal, { power: 'rollback' })))
    await eventually('another run', async () => (await runIdOf(on, id)) !== first)
    expect(await operate(on, id, 'abort')).toMatchObject({ accepted: true })
    expect(await resultOf(on, id)).toMatchObject({ verdict: 'aborted', reason: 'operator_abort' })
  },
  WITHIN_MS,
)

it(
  '8,000 signals during a training: it continues from its checkpoint, and an abort is heard',
  async () => {
    const id = await on.start('training', { dayMs: 3_600_000, parameters: { epochs: 6_000, epochMs: 100 } })
    await reaches(on, id, 'training')
    const first = await runIdOf(on, id)
    const handle = on.client.workflow.getHandle(id)
    await sendMany(on, id, 2_500, () => handle.signal(breachSignal, { power: 'rollback' }))
    await stateOf(on, id)
    // A training is not interrupted for less than what is nearly too much.
    expect(await runIdOf(on, id)).toBe(first)
    await sendMany(on, id, 5_600, () => handle.signal(breachSignal, { power: 'rollback' }))
    await eventually('another run', async () => (await runIdOf(on, id)) !== first)
    await reaches(on, id, 'training')
    const [, second] = await temporalRunsOf(on, id, first)
    expect(second?.activities).toContain('trainCandidate')
    expect(second?.activities).not.toContain('importSnapshot')
    await operate(on, id, 'abort')
    expect(await resultOf(on, id)).toMatchObject({ verdict: 'aborted', reason: 'operator_abort' })
  },
  WITHIN_MS,
)
