/** Temporal's history is lost and the registry is kept: an open canary or probation continues to its verdict. */

import { WorkflowNotFoundError } from '@temporalio/client'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type DevServer, devServer } from '../support/dev-server.js'
import { slipway } from '../support/slipway.js'
import { entriesOf, eventually, exposed, looksOf, movesOf, reaches, resultOf, startOver } from '../support/steer.js'
import { startWorkerProcess } from '../support/worker-process.js'
import { toyPolicy } from '../toy-project/policy.js'

let on: DevServer
let worker: Awaited<ReturnType<typeof startWorkerProcess>>
beforeAll(async () => {
  on = await devServer()
  worker = await startWorkerProcess(on.environment)
})
afterEach(() => startOver(on))
afterAll(async () => {
  await worker?.stop()
  await on?.close()
})

const words = ['--by', 'ana', '--reason', 'history lost']
const say = (action: string, id: string) => slipway(['release', action, id, ...words], on.environment)

async function attention(): Promise<{ workflowId: string; why: string; text: string }[]> {
  const { stdout } = await slipway(['release', 'list', '--needs-attention', '--json'], on.environment)
  return JSON.parse(stdout)
}

/** As Temporal is after its database was replaced by an empty one, for this run. */
async function loseHistory(id: string): Promise<void> {
  const { client } = on
  await client.workflowService.deleteWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId: id },
  })
  await eventually(`Temporal to forget ${id}`, async () => {
    try {
      await client.workflow.getHandle(id).describe()
      return false
    } catch (error) {
      return error instanceof WorkflowNotFoundError
    }
  })
}

async function expectOneReleaseOnRecord(id: string, moves: readonly string[]): Promise<void> {
  expect(await movesOf(on, id)).toEqual(moves)
  expect(await entriesOf(on, id, 'trigger')).toHaveLength(1)
  expect(await entriesOf(on, id, 'training_run')).toHaveLength(1)
  expect(await entriesOf(on, id, 'verdict')).toHaveLength(1)
  for (const phase of ['canary', 'probation']) {
    const steps = (await entriesOf(on, id, 'canary_step')).filter(({ body }) => body.phase === phase)
    expect(new Set(steps.map(({ body }) => body.step)).size).toBe(steps.length)
    const opened = (await looksOf(on, id)).filter((look) => look.phase === phase).map((look) => look.opened)
    expect(new Set(opened).size).toBe(1)
  }
  expect((await on.registry.ledger.verify()).problems).toEqual([])
}

it('an open canary is offered, resumed, and comes to its verdict in the step in which it was', async () => {
  const { production } = await on.registry.aliases.current('toy')
  const id = await on.start('canary', { dayMs: 3_000 })
  await eventually('the second step', async () => (await entriesOf(on, id, 'canary_step')).length > 1)
  const { releaseId } = await on.registry.runs.get(id)
  await loseHistory(id)
  const text = expect.stringMatching(/^Temporal does not know .*resume its canary with: slipway release resume /)
  expect(await attention()).toEqual([expect.objectContaining({ workflowId: id, why: 'terminated', text })])
  expect((await say('pause', id)).stderr).toContain(`slipway release resume ${id}, or conclude it`)
  const resumed = await say('resume', id)
  expect(resumed, resumed.stderr).toMatchObject({ code: 0 })
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'promoted', reason: 'non_inferior' })
  await expectOneReleaseOnRecord(id, [
    `canary: null → ${releaseId}`,
    `production: ${production} → ${releaseId}`,
    `canary: ${releaseId} → null`,
  ])
})

it('a canary that was never looked at is resumed, and can be aborted', async () => {
  const undecidable = { ...toyPolicy, judge: { ...toyPolicy.judge, minMature: 1_000_000 } }
  const id = await on.start('unseen', { dayMs: 3_600_000, policy: undecidable, cutoff: '2001-01-21T00:00:00.000Z' })
  const { releaseId } = await exposed(on, id)
  await loseHistory(id)
  expect(await say('resume', id)).toMatchObject({ code: 0 })
  await reaches(on, id, 'canary', ({ waitingFor }) => waitingFor.includes('step 1 of 2'))
  expect(await say('abort', id)).toMatchObject({ code: 0 })
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'aborted' })
  expect(await movesOf(on, id)).toEqual([`canary: null → ${releaseId}`, `canary: ${releaseId} → null`])
})

it('a probation continues, and an abort in it moves production back', async () => {
  const { production } = await on.registry.aliases.current('toy')
  const id = await on.start('probation', {
    dayMs: 1_500,
    cutoff: '2001-01-22T00:00:00.000Z',
    policy: { ...toyPolicy, probation: { holdback: 1_000, lasts: '200d' } },
  })
  await eventually('a look in probation', async () =>
    (await looksOf(on, id)).some((look) => look.phase === 'probation'),
  )
  const { releaseId } = await on.registry.runs.get(id)
  await loseHistory(id)
  expect(await say('resume', id)).toMatchObject({ code: 0 })
  const looks = (await looksOf(on, id)).length
  await eventually('another look', async () => (await looksOf(on, id)).length > looks)
  expect(await say('abort', id)).toMatchObject({ code: 0 })
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'reverted', reason: 'operator_abort' })
  await expectOneReleaseOnRecord(id, [
    `canary: null → ${releaseId}`,
    `production: ${production} → ${releaseId}`,
    `canary: ${releaseId} → null`,
    `production: ${releaseId} → ${production}`,
  ])
})
