/** A release that continues as another Temporal run is the same release: nothing is done twice, and nothing is lost. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { breachSignal } from '../../contracts/messages.js'
import { releaseStart } from '../../contracts/release-start.js'
import { type DevServer, devServer } from '../support/dev-server.js'
import { entriesOf, eventually, exposed, operate, reaches, resultOf, startOver, stateOf } from '../support/steer.js'
import { runIdOf, sendMany, temporalRunsOf } from '../support/temporal-runs.js'
import { startWorkerProcess, type WorkerProcess } from '../support/worker-process.js'
import { LITTLE_TRAFFIC } from '../toy-project/index.js'
import { toyPolicy } from '../toy-project/policy.js'

// On the dev server: the time-skipping server's clock stops for good when a run continues while an activity waits.
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

const dayMs = 2_000
const undecidable = { ...toyPolicy, judge: { ...toyPolicy.judge, minMature: 1_000_000 } }
/** Longer than the flood takes on any machine. */
const patient = { ...toyPolicy, deadline: '1000d' }
const longProbation = { ...toyPolicy, probation: { holdback: 1_000, lasts: '1000d' } }

/** Sends as many signals as a run takes before it continues. @returns the id of the run before */
async function flood(id: string): Promise<string> {
  const first = await runIdOf(on, id)
  const handle = on.client.workflow.getHandle(id)
  await sendMany(on, id, 2_000, () => handle.signal(breachSignal, { power: 'rollback' }))
  await eventually('another run', async () => (await runIdOf(on, id)) !== first)
  return first
}

it('in a canary: step, deadline, pause and extensions stay, and it is promoted as it would have been', async () => {
  const id = await on.start('canary', { dayMs, policy: patient })
  await eventually('the second step', async () => (await stateOf(on, id)).canaryStep === 1)
  const { deadline } = await stateOf(on, id)
  await operate(on, id, 'pause')
  await operate(on, id, 'extend')
  const before = await reaches(on, id, 'canary', (state) => state.deadline !== deadline)
  const first = await flood(id)
  expect(await reaches(on, id, 'canary')).toEqual(before)
  await operate(on, id, 'resume')
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'promoted', reason: 'non_inferior' })
  expect((await entriesOf(on, id, 'canary_step')).filter(({ body }) => body.phase === 'canary')).toHaveLength(2)
  const [, second] = await temporalRunsOf(on, id, first)
  expect(second?.activities).not.toContain('trainCandidate')
}, 300_000)

it('in a probation: it continues, and an abort reverts', async () => {
  const id = await on.start('probation', { dayMs, policy: longProbation })
  await exposed(on, id)
  await eventually('probation', async () => (await stateOf(on, id)).stage === 'probation')
  const first = await flood(id)
  expect(await stateOf(on, id)).toMatchObject({ stage: 'probation' })
  await operate(on, id, 'abort')
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'reverted', reason: 'operator_abort' })
  const [, second] = await temporalRunsOf(on, id, first)
  expect(second?.activities).not.toContain('openCanary')
}, 300_000)

it('while it waits for the lane: it keeps its place, and takes the lane when it is free', async () => {
  const policy = { ...undecidable, deadline: '1000d' }
  const holder = await on.start('holder', { dayMs, policy, source: LITTLE_TRAFFIC })
  await exposed(on, holder)
  const id = await on.start('waits', { dayMs, policy: patient, cutoff: '2001-01-21T00:00:00.000Z' })
  const waits = () => reaches(on, id, 'awaiting_canary', ({ waitingFor }) => waitingFor.startsWith('waiting for'))
  await waits()
  const first = await flood(id)
  await waits()
  await operate(on, holder, 'abort')
  await resultOf(on, holder)
  await reaches(on, id, 'canary')
  await operate(on, id, 'abort')
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'aborted', reason: 'operator_abort' })
  expect((await on.registry.aliases.current('toy')).canary).toBe(null)
  const [, second] = await temporalRunsOf(on, id, first)
  expect(second?.activities).not.toContain('evaluateCandidate')
}, 300_000)

it('a release started by hand with a second argument that is none fails at once', async () => {
  const { args, ...start } = releaseStart({
    trigger: {
      project: 'toy',
      id: 'by-hand',
      kind: 'cli',
      by: 'ana',
      at: '2001-01-20T00:00:00.000Z',
      cutoff: '2001-01-20T00:00:00.000Z',
      parameters: {},
    },
    policy: toyPolicy,
    clock: { eventStart: 0, wallStart: 0, speed: 1 },
  })
  const failed = on.client.workflow.execute('release', { ...start, args: [...args, { state: { stage: 'lost' } }] })
  await expect(failed.catch((error: Error) => String(error.cause))).resolves.toContain('state.stage must name a stage')
})
