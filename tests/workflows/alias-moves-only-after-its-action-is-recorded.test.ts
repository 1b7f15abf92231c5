/** In the ledger an operator action comes before the alias move it caused, also if it could not be recorded at once. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { type Held, refuseEntries } from '../support/block-ledger-entries.js'
import { entriesOf, exposed, movesOf, reaches, resultOf, startOver } from '../support/steer.js'
import { type Harness, timeSkipping } from '../support/time-skipping.js'
import { toyPolicy } from '../toy-project/policy.js'

let on: Harness
let refused: Pick<Held, 'letGo'> | undefined
beforeAll(async () => {
  on = await timeSkipping()
})
afterEach(async () => {
  await refused?.letGo()
  refused = undefined
  await startOver(on)
})
afterAll(() => on?.close())

const undecidable = { ...toyPolicy, judge: { ...toyPolicy.judge, minMature: 1_000_000 } }
const longProbation = { ...toyPolicy, probation: { holdback: 1_000, lasts: '60d' } }

/** Sends it while no action can be recorded. @returns the moves an hour later, and those at the end */
async function saidUnrecorded(id: string, action: 'abort' | 'promote') {
  refused = await refuseEntries(on.environment, 'operator_action')
  await on.client.workflow.getHandle(id).signal(action, { by: 'ana', reason: 'storm' })
  await on.env.sleep('1 hour')
  const meanwhile = await movesOf(on, id)
  await refused.letGo()
  refused = undefined
  return { meanwhile, moves: async () => (await entriesOf(on, id, 'alias_move')).at(-1) }
}

const wordOf = async (id: string) => (await entriesOf(on, id, 'operator_action'))[0]?.seq ?? Number.POSITIVE_INFINITY

it('an abort in probation: production is moved back once it is recorded', async () => {
  const id = await on.start('probation', { policy: longProbation })
  await exposed(on, id)
  await on.env.sleep('10 days')
  await reaches(on, id, 'probation')
  const before = await movesOf(on, id)
  const { meanwhile, moves } = await saidUnrecorded(id, 'abort')
  expect(meanwhile).toEqual(before)
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'reverted', reason: 'operator_abort' })
  expect((await moves())?.seq).toBeGreaterThan(await wordOf(id))
})

it('an abort in the canary: its canary closes once it is recorded', async () => {
  const id = await on.start('canary', { policy: undecidable })
  const { releaseId } = await exposed(on, id)
  const { meanwhile, moves } = await saidUnrecorded(id, 'abort')
  expect(meanwhile).toEqual([`canary: null → ${releaseId}`])
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'aborted', reason: 'operator_abort' })
  expect((await moves())?.seq).toBeGreaterThan(await wordOf(id))
})

it('a promotion that shortens the window: production moves once it is recorded', async () => {
  const id = await on.start('shortened', { policy: { ...undecidable, manualPromote: 'shorten_window' } })
  const { releaseId } = await exposed(on, id)
  // Before the first look there is none that it could rest on.
  await on.env.sleep('3 days')
  const { meanwhile } = await saidUnrecorded(id, 'promote')
  expect(meanwhile).toEqual([`canary: null → ${releaseId}`])
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'promoted', reason: 'override:storm' })
  const promoted = (await entriesOf(on, id, 'alias_move')).find(({ body }) => body.alias === 'production')
  expect(promoted?.seq).toBeGreaterThan(await wordOf(id))
})
