/** A terminated run executes no more code: an abort by command concludes it in the registry, and the lane is free. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { slipway } from '../support/slipway.js'
import { entriesOf, exposed, movesOf, reaches, resultOf, startOver } from '../support/steer.js'
import { type Harness, startEnvironment, timeSkipping } from '../support/time-skipping.js'
import { toyPolicy } from '../toy-project/policy.js'

let on: Harness
let production: string | null
beforeAll(async () => {
  on = await timeSkipping()
  production = (await on.registry.aliases.current('toy')).production
})
afterEach(() => startOver(on))
afterAll(() => on?.close())

const undecidable = { ...toyPolicy, judge: { ...toyPolicy.judge, minMature: 1_000_000 } }
const words = ['--by', 'ana', '--reason', 'storm']
const say = (action: string, id: string) => slipway(['release', action, id, ...words], on.environment)
const terminate = (id: string) => on.client.workflow.getHandle(id).terminate('by mistake')

it('in its canary: reported, concluded only by an abort, and the next release in the queue continues', async () => {
  const lost = await on.start('lost', { policy: undecidable })
  const { releaseId } = await exposed(on, lost)
  const queued = await on.start('queued', { cutoff: '2001-01-21T00:00:00.000Z' })
  await reaches(on, queued, 'awaiting_canary', ({ waitingFor }) => waitingFor === `waiting for ${lost} to end`)
  await terminate(lost)

  const attention = await slipway(['release', 'list', '--needs-attention', '--json'], on.environment)
  expect(JSON.parse(attention.stdout)).toEqual([
    expect.objectContaining({ workflowId: lost, why: 'terminated', text: expect.stringContaining('release abort') }),
  ])
  const paused = await say('pause', lost)
  expect(paused.code).toBe(2)
  expect(paused.stderr).toContain(
    `is terminated in Temporal. It has no verdict; conclude it with: slipway release abort`,
  )
  const aborted = await say('abort', lost)
  expect(aborted).toMatchObject({ code: 0, stderr: '' })
  expect((await entriesOf(on, lost, 'verdict')).map(({ body }) => body)).toEqual([
    expect.objectContaining({ verdict: 'aborted', reason: 'terminated', releaseId }),
  ])
  expect((await entriesOf(on, lost, 'operator_action')).map(({ body }) => [body.action, body.accepted])).toEqual([
    ['pause', false],
    ['abort', true],
  ])
  expect(await movesOf(on, lost)).toEqual([`canary: null → ${releaseId}`, `canary: ${releaseId} → null`])
  expect(await resultOf(on, queued)).toMatchObject({ verdict: 'promoted' })

  const late = await say('abort', lost)
  expect(late.code).toBe(2)
  expect(late.stderr).toContain(`${lost} is finished (aborted: terminated); abort changes nothing`)
  expect((await on.registry.ledger.verify()).problems).toEqual([])
})

it('in probation: an abort moves production back', async () => {
  const id = await on.start('in-probation', { policy: { ...toyPolicy, probation: { holdback: 1_000, lasts: '60d' } } })
  await exposed(on, id)
  await on.env.sleep('10 days')
  const { releaseId } = await reaches(on, id, 'probation')
  await terminate(id)
  expect((await say('abort', id)).stdout).toContain(`reverted: terminated.`)
  expect(await on.registry.aliases.current('toy')).toEqual({ production, canary: null })
  expect((await movesOf(on, id)).at(-1)).toBe(`production: ${releaseId} → ${production}`)
  expect((await on.registry.runs.get(id)).verdict).toBe('reverted')
})

it('after Temporal has lost its history: open canaries are found and can be aborted, and the lane is free', async () => {
  const lost = await on.start('history-lost', { policy: undecidable })
  const { releaseId } = await exposed(on, lost)
  await terminate(lost)
  // A new Temporal server, with the same registry.
  const empty = await startEnvironment()
  try {
    const environment = { ...on.environment, TEMPORAL_ADDRESS: empty.address }
    const attention = await slipway(['release', 'list', '--needs-attention', '--json'], environment)
    expect(JSON.parse(attention.stdout)).toEqual([
      expect.objectContaining({
        workflowId: lost,
        why: 'terminated',
        text: expect.stringMatching(/^Temporal does not know .*conclude it with: slipway release abort/),
      }),
    ])
    expect(await slipway(['release', 'abort', lost, ...words], environment)).toMatchObject({ code: 0, stderr: '' })
    expect(await on.registry.aliases.current('toy')).toMatchObject({ canary: null })
    expect(await movesOf(on, lost)).toEqual([`canary: null → ${releaseId}`, `canary: ${releaseId} → null`])
    const after = await slipway(['release', 'list', '--needs-attention', '--json'], environment)
    expect(JSON.parse(after.stdout)).toEqual([])
  } finally {
    await empty.teardown()
  }
  // The project's next release is exposed as usual.
  await exposed(on, await on.start('after-the-loss', { policy: undecidable, cutoff: '2001-01-22T00:00:00.000Z' }))
})
