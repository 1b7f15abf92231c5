/** Cancelled in Temporal's Web UI, a release ends as if aborted: with a recorded verdict, and nothing left behind. */
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Held, holdEntries } from '../support/block-ledger-entries.js'
import { trainersBelow } from '../support/find-processes.js'
import { cancel, entriesOf, eventually, exposed, movesOf, reaches, resultOf, startOver } from '../support/steer.js'
import { type Harness, timeSkipping } from '../support/time-skipping.js'
import { toyPolicy } from '../toy-project/policy.js'

let on: Harness
let held: Held | undefined
let production: string | null
beforeAll(async () => {
  on = await timeSkipping({ maxCachedWorkflows: 0 })
  production = (await on.registry.aliases.current('toy')).production
})
afterEach(async () => {
  await held?.letGo()
  held = undefined
  await startOver(on)
})
afterAll(() => on?.close())

async function endsAs(verdict: 'aborted' | 'reverted', id: string): Promise<void> {
  expect(await resultOf(on, id)).toMatchObject({ verdict, reason: 'cancelled' })
  expect((await entriesOf(on, id, 'verdict')).map(({ body }) => body.verdict)).toEqual([verdict])
  expect(await on.registry.aliases.current('toy')).toEqual({ production, canary: null })
  expect((await on.registry.ledger.verify()).problems).toEqual([])
}

const undecidable = { ...toyPolicy, judge: { ...toyPolicy.judge, minMature: 1_000_000 } }

describe('cancelled', () => {
  it('before it did anything: the registry has its verdict', async () => {
    let id = ''
    await on.withoutWorkflowWorker(async () => {
      id = await on.start('at-once')
      await on.client.workflow.getHandle(id).cancel()
    })
    await endsAs('aborted', id)
    expect((await on.registry.runs.list('toy')).find((run) => run.workflowId === id)).toMatchObject({
      verdict: 'aborted',
    })
    expect(await entriesOf(on, id, 'snapshot')).toEqual([])
  })

  it('in training: the trainer’s process ends', async () => {
    const id = await on.start('in-training', { parameters: { epochs: 600, epochMs: 100 } })
    await eventually('a trainer', async () => (await trainersBelow(on.workFolder)).length === 1)
    await cancel(on, id)
    await endsAs('aborted', id)
    expect(await trainersBelow(on.workFolder)).toEqual([])
  })

  it('while its canary is being opened: the lane is free afterwards', async () => {
    held = await holdEntries(on.environment, 'alias_move')
    const id = await on.start('while-opening')
    await eventually('the canary being opened', held.reached)
    await cancel(on, id)
    // Decides nothing: a release that closes its canary too early has done so by then.
    await pause(500)
    await held.letGo()
    held = undefined
    await endsAs('aborted', id)
  })

  it('in the canary', async () => {
    const id = await on.start('in-canary', { policy: undecidable })
    const { releaseId } = await exposed(on, id)
    await cancel(on, id)
    await endsAs('aborted', id)
    expect(await movesOf(on, id)).toEqual([`canary: null → ${releaseId}`, `canary: ${releaseId} → null`])
  })

  it('while an operator action is being recorded: both are recorded', async () => {
    const id = await on.start('while-recording', { policy: undecidable })
    await exposed(on, id)
    held = await holdEntries(on.environment, 'operator_action')
    await on.client.workflow.getHandle(id).signal('pause', { by: 'ana', reason: 'storm' })
    await eventually('the word being recorded', held.reached)
    await cancel(on, id)
    await held.letGo()
    held = undefined
    await endsAs('aborted', id)
    expect((await entriesOf(on, id, 'operator_action')).map(({ body }) => body.action)).toEqual(['pause'])
  })

  it('in the queue, while another canary stays open', async () => {
    const holder = await on.start('holds-the-lane', { policy: undecidable })
    await exposed(on, holder)
    const queued = await on.start('in-the-queue', { cutoff: '2001-01-21T00:00:00.000Z' })
    await reaches(on, queued, 'awaiting_canary', ({ waitingFor }) => waitingFor === `waiting for ${holder} to end`)
    await cancel(on, queued)
    await reaches(on, queued, 'done', ({ verdict, reason }) => verdict === 'aborted' && reason === 'cancelled')
    expect(await movesOf(on, queued)).toEqual([])
    expect((await on.registry.lane.current('toy')).holder).toBe(holder)
  })

  it('in probation: production is moved back', async () => {
    const policy = { ...toyPolicy, probation: { holdback: 1_000, lasts: '60d' } }
    const id = await on.start('in-probation', { policy })
    const { releaseId } = await exposed(on, id)
    await on.env.sleep('10 days')
    await reaches(on, id, 'probation')
    await cancel(on, id)
    await endsAs('reverted', id)
    expect((await movesOf(on, id)).at(-1)).toBe(`production: ${releaseId} → ${production}`)
  })
})
