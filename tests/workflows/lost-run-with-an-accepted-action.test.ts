/** An action was accepted and recorded, and then Temporal's history was lost: the run that is resumed obeys it. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { actionKey, requestedKey } from '../../contracts/ledger/index.js'
import { loseHistory, resumeLostRun } from '../support/resume-lost-run.js'
import { eventuallyAfterDays, exposed, looksOf, movesOf, resultOf, startOver } from '../support/steer.js'
import { type Harness, timeSkipping } from '../support/time-skipping.js'
import { LITTLE_TRAFFIC } from '../toy-project/index.js'
import { toyPolicy } from '../toy-project/policy.js'

let on: Harness
beforeAll(async () => {
  on = await timeSkipping()
})
afterEach(() => startOver(on))
afterAll(() => on?.close())

async function accept(workflowId: string, action: string, accepted = true): Promise<void> {
  const body = { id: action, action, by: 'ana', reason: 'storm', accepted, message: 'recorded' }
  const entry = { project: 'toy', kind: 'operator_action', subject: workflowId } as const
  await on.registry.ledger.append({ ...entry, key: actionKey(workflowId, action), body })
}

async function lostInProbation(trigger: string): Promise<string> {
  const id = await on.start(trigger, {
    cutoff: '2001-01-22T00:00:00.000Z',
    policy: { ...toyPolicy, probation: { holdback: 1_000, lasts: '30d' } },
  })
  await eventuallyAfterDays(on, 'a look of its probation', async () =>
    (await looksOf(on, id)).some(({ phase }) => phase === 'probation'),
  )
  await loseHistory(on, id)
  return id
}

it('an abort in its probation: production is moved back', async () => {
  const { production } = await on.registry.aliases.current('toy')
  const id = await lostInProbation('aborted')
  await accept(id, 'abort')
  await resumeLostRun(on, id)
  const result = await resultOf(on, id)
  expect(result).toMatchObject({ verdict: 'reverted', reason: 'operator_abort' })
  expect((await movesOf(on, id)).at(-1)).toBe(`production: ${result.releaseId} → ${production}`)
})

it('a supersede in its probation: that ends, and the promotion stays', async () => {
  const id = await lostInProbation('superseded')
  await accept(id, 'supersede')
  await resumeLostRun(on, id)
  const result = await resultOf(on, id)
  expect(result).toMatchObject({ verdict: 'promoted', reason: 'probation_superseded:non_inferior' })
  expect((await on.registry.aliases.current('toy')).production).toBe(result.releaseId)
})

it('both: the abort wins', async () => {
  const id = await lostInProbation('both')
  await accept(id, 'supersede')
  await accept(id, 'abort')
  await resumeLostRun(on, id)
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'reverted', reason: 'operator_abort' })
})

it('an abort that Temporal kept, and lost with the history, is obeyed and answered', async () => {
  const id = await lostInProbation('kept')
  const body = { id: 'stop', action: 'abort', by: 'ana', reason: 'storm', accepted: false, message: 'sent' }
  const entry = { project: 'toy', kind: 'operator_action', subject: id } as const
  const key = requestedKey(id, 'sent', 'stop')
  await on.registry.ledger.append({ ...entry, key, body: { ...body, pending: 'sent' } })
  await resumeLostRun(on, id)
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'reverted', reason: 'operator_abort' })
  const answers = await on.registry.ledger.actionsWithKeys('toy', [actionKey(id, 'stop')])
  expect(answers.map(({ body }) => [body.accepted, body.by])).toEqual([[true, 'ana']])
})

it('a supersede in its canary aborts it and frees the lane; one that was refused does not', async () => {
  const long = { ...toyPolicy, deadline: '60d', steps: [{ weight: 1_000, atLeast: '30d' }] }
  const id = await on.start('canary', { policy: long, source: LITTLE_TRAFFIC })
  await exposed(on, id)
  await loseHistory(on, id)
  await accept(id, 'abort', false)
  await resumeLostRun(on, id)
  await eventuallyAfterDays(on, 'looks', async () => (await looksOf(on, id)).length > 1)
  await loseHistory(on, id)
  await accept(id, 'supersede')
  await resumeLostRun(on, id)
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'aborted', reason: 'superseded' })
  expect(await on.registry.lane.current('toy')).toEqual({ holder: null, queue: [] })
})
