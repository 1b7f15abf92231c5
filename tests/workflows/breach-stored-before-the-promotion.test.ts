/** A breach that rolls back is stored after the last look has read breaches: production does not move. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { breachKey, lookKey } from '../../contracts/ledger/index.js'
import { createMeanwhile } from '../support/before-activity.js'
import { looksOf, movesOf, reaches, resultOf, startOver } from '../support/steer.js'
import { type Harness, timeSkipping } from '../support/time-skipping.js'

const meanwhile = createMeanwhile()
let on: Harness
beforeAll(async () => {
  on = await timeSkipping(meanwhile)
})
afterEach(async () => {
  meanwhile.forget()
  await startOver(on)
})
afterAll(() => on?.close())

async function storeBreach(id: string, arm: 'canary' | 'production'): Promise<void> {
  const at = (await looksOf(on, id)).at(-1)?.judgement.numbers.asOf ?? ''
  const body = { signal: 'latency', arm, value: 2, threshold: 1, power: 'rollback', at } as const
  await on.registry.ledger.append({ project: 'toy', kind: 'breach', subject: id, key: breachKey(id, body), body })
}

it('of the canary: the next look judges it, and the release is rolled back', async () => {
  const id = await on.start('breached')
  await reaches(on, id, 'canary')
  meanwhile.once('promote', () => storeBreach(id, 'canary'))
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'rolled_back', reason: 'breach:latency' })
  expect((await movesOf(on, id)).filter((move) => move.startsWith('production'))).toEqual([])
})

it('of the canary, and a look of an interrupted attempt has read it: production does not move either', async () => {
  const id = await on.start('interrupted')
  await reaches(on, id, 'canary')
  meanwhile.once('promote', async () => {
    await storeBreach(id, 'canary')
    const look = (await looksOf(on, id)).at(-1)
    const [breach] = await on.registry.ledger.entries('toy', { kind: 'breach', subject: id })
    if (!look || !breach) throw new Error('no look, or no breach')
    const key = lookKey(id, 'canary', look.judgement.numbers.asOf, 'of-an-interrupted-attempt')
    const body = { ...look, breachesRead: breach.seq }
    await on.registry.ledger.append({ project: 'toy', kind: 'judgement', subject: id, key, body })
  })
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'rolled_back', reason: 'breach:latency' })
  expect((await movesOf(on, id)).filter((move) => move.startsWith('production'))).toEqual([])
})

it('of the production beside it: nothing that a move would make worse', async () => {
  const id = await on.start('beside')
  await reaches(on, id, 'canary')
  meanwhile.once('promote', () => storeBreach(id, 'production'))
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'promoted' })
})
