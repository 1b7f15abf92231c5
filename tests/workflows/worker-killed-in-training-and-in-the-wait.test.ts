/** `kill -9` of the only worker, on the real server: a new one finishes the release, and everything happened once. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { DAY_MS } from '../../contracts/duration.js'
import { waitForEnd } from '../../embedded/processes.js'
import { type DevServer, devServer } from '../support/dev-server.js'
import { trainersBelow } from '../support/find-processes.js'
import { entriesOf, eventually, looksOf, movesOf, pendingOf, resultOf, startOver, stateOf } from '../support/steer.js'
import { startWorkerProcess, type WorkerProcess } from '../support/worker-process.js'
import { toyPolicy } from '../toy-project/policy.js'

let on: DevServer
let workers: WorkerProcess[] = []
beforeAll(async () => {
  on = await devServer()
})
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.kill()))
  workers = []
  await startOver(on)
})
afterAll(() => on?.close())

/** A minute by default. Long enough for a worker on a busy machine, which has four attempts. */
const workerTimeoutMs = 15_000

const policy = { ...toyPolicy, probation: { ...toyPolicy.probation, lasts: '1d' } }

async function worker(): Promise<WorkerProcess> {
  const started = await startWorkerProcess(on.environment)
  workers.push(started)
  return started
}

/** Whatever was killed: one candidate, one promotion, one verdict, and a ledger that verifies. */
async function happenedOnce(id: string): Promise<void> {
  const { releaseId } = await resultOf(on, id)
  for (const kind of ['trigger', 'snapshot', 'training_run', 'release', 'evaluation', 'verdict'] as const) {
    expect(await entriesOf(on, id, kind), kind).toHaveLength(1)
  }
  expect(await movesOf(on, id)).toEqual([
    `canary: null → ${releaseId}`,
    `production: toy_v1 → ${releaseId}`,
    `canary: ${releaseId} → null`,
  ])
  expect(await on.registry.aliases.current('toy')).toEqual({ production: releaseId, canary: null })
  expect((await on.registry.ledger.verify()).problems).toEqual([])
}

it('killed while its trainer works: the trainer ends with it, and a new worker trains again', async () => {
  const first = await worker()
  // It never returns to its event loop while it learns, as numeric code may: it must end all the same.
  const id = await on.start('killed-in-training', {
    dayMs: 300,
    policy,
    parameters: { epochs: 60, busyMs: 100 },
    workerTimeoutMs,
  })
  await eventually('a trainer at work', async () => (await pendingOf(on, id))?.heartbeat?.epoch !== undefined)
  const trainers = await trainersBelow(first.workFolder)
  expect(trainers).toHaveLength(1)
  await first.kill()
  for (const pid of trainers) expect(await waitForEnd(pid, 3_000), 'the trainer ends with its worker').toBe(true)

  const second = await worker()
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'promoted', reason: 'non_inferior' })
  await happenedOnce(id)
  expect(await trainersBelow(second.workFolder)).toEqual([])
})

it('killed while the canary waits: a new worker continues with the next look', async () => {
  const first = await worker()
  const id = await on.start('killed-in-the-wait', {
    dayMs: 1_500,
    cutoff: '2001-01-21T00:00:00.000Z',
    policy,
    workerTimeoutMs,
  })
  await eventually('a canary that waits for its second look', async () => {
    const pending = await pendingOf(on, id)
    return pending?.type === 'watchExposure' && pending.waits && (await looksOf(on, id)).length > 0
  })
  expect((await stateOf(on, id)).stage).toBe('canary')
  await first.kill()

  await worker()
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'promoted', reason: 'non_inferior' })
  await happenedOnce(id)
  for (const phase of ['canary', 'probation'] as const) {
    const days = (await looksOf(on, id))
      .filter((look) => look.phase === phase)
      .map(({ judgement }) => Date.parse(judgement.numbers.asOf) / DAY_MS)
    // Each day of the grid once, none left out.
    expect(days).toEqual(days.map((_, index) => (days[0] ?? Number.NaN) + index))
  }
})
