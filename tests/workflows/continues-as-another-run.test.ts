/** A release that continues as another Temporal run is the same release: nothing is done twice, and nothing is lost. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { breachSignal } from '../../contracts/messages.js'
import { releaseStart } from '../../contracts/release-start.js'
import {
  entriesOf,
  eventually,
  eventuallyAfterDays,
  exposed,
  looksOf,
  movesOf,
  operate,
  reaches,
  resultOf,
  startOver,
  stateOf,
} from '../support/steer.js'
import { runIdOf, sendMany, temporalRunsOf } from '../support/temporal-runs.js'
import { type Harness, timeSkipping } from '../support/time-skipping.js'
import { toyPolicy } from '../toy-project/policy.js'

let on: Harness
beforeAll(async () => {
  on = await timeSkipping()
})
afterEach(() => startOver(on))
afterAll(() => on?.close())

const undecidable = { ...toyPolicy, judge: { ...toyPolicy.judge, minMature: 1_000_000 } }
const longProbation = { ...toyPolicy, probation: { holdback: 1_000, lasts: '60d' } }

/** Sends as many signals as a run takes before it continues. @returns when it has */
async function flood(id: string): Promise<void> {
  const first = await runIdOf(on, id)
  const handle = on.client.workflow.getHandle(id)
  await sendMany(on, id, 2_000, () => handle.signal(breachSignal, { power: 'rollback' }))
  await eventually('another run', async () => (await runIdOf(on, id)) !== first)
}

it('in a canary: step, deadline, pause and extensions stay, and it is promoted as it would have been', async () => {
  const id = await on.start('canary', { policy: toyPolicy })
  const first = await runIdOf(on, id)
  await eventuallyAfterDays(on, 'the second step', async () => (await stateOf(on, id)).canaryStep === 1)
  const { deadline } = await stateOf(on, id)
  await operate(on, id, 'pause')
  await operate(on, id, 'extend')
  const before = await reaches(on, id, 'canary', (state) => state.deadline !== deadline)
  await flood(id)
  expect(await stateOf(on, id)).toEqual(before)
  await operate(on, id, 'resume')
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'promoted', reason: 'non_inferior' })
  const instants = (await looksOf(on, id)).map(({ phase, judgement }) => `${phase} ${judgement.numbers.asOf}`)
  expect(new Set(instants).size).toBe(instants.length)
  expect((await entriesOf(on, id, 'canary_step')).filter(({ body }) => body.phase === 'canary')).toHaveLength(2)
  const [, second] = await temporalRunsOf(on, id, first)
  expect(second?.activities).not.toContain('trainCandidate')
})

it('in a canary that is undecided: it is held at the deadline, its canary is closed', async () => {
  const id = await on.start('held', { policy: { ...undecidable, deadline: '4d', maxExtensions: 0 } })
  const { releaseId } = await exposed(on, id)
  await flood(id)
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'held', reason: expect.stringMatching(/^hold:deadline/) })
  expect(await movesOf(on, id)).toEqual([`canary: null → ${releaseId}`, `canary: ${releaseId} → null`])
})

it('in a probation: it ends at its time, and an abort reverts', async () => {
  const id = await on.start('probation', { policy: toyPolicy })
  await exposed(on, id)
  await eventuallyAfterDays(on, 'probation', async () => (await stateOf(on, id)).stage === 'probation')
  await flood(id)
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'promoted', reason: 'non_inferior' })
  const other = await on.start('probation-aborted', { policy: longProbation, cutoff: '2001-01-21T00:00:00.000Z' })
  await exposed(on, other)
  await eventuallyAfterDays(on, 'probation', async () => (await stateOf(on, other)).stage === 'probation')
  await flood(other)
  await operate(on, other, 'abort')
  expect(await resultOf(on, other)).toMatchObject({ verdict: 'reverted', reason: 'operator_abort' })
})

it('while it waits for the lane: it keeps its place, and takes the lane when it is free', async () => {
  const holder = await on.start('holder', { policy: undecidable })
  await exposed(on, holder)
  const id = await on.start('waits', { policy: toyPolicy, cutoff: '2001-01-21T00:00:00.000Z' })
  const first = await runIdOf(on, id)
  await reaches(on, id, 'awaiting_canary', ({ waitingFor }) => waitingFor.startsWith('waiting for'))
  await flood(id)
  await reaches(on, id, 'awaiting_canary', ({ waitingFor }) => waitingFor.startsWith('waiting for'))
  await operate(on, holder, 'abort')
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'promoted' })
  const [, second] = await temporalRunsOf(on, id, first)
  expect(second?.activities).not.toContain('evaluateCandidate')
})

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
