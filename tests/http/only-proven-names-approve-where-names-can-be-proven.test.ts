/**
 * Four eyes where identity is configured: the decision service signs names that it has proven, and workers verify them.
 */
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { operateUpdate } from '../../contracts/messages.js'
import { releaseWorkflowId } from '../../contracts/names.js'
import type { OperatorAction, PromotionPolicy } from '../../contracts/types.js'
import { createBearerVerifier } from '../../http/identity/bearer.js'
import { createProver } from '../../releases/identity/prover.js'
import type { Gateway } from '../serving/support.js'
import { AUDIENCE, type Issuer, startIssuer } from '../support/issuer.js'
import { slipway } from '../support/slipway.js'
import {
  entriesOf,
  eventually,
  eventuallyAfterDays,
  exposed,
  looksOf,
  operate,
  resultOf,
  startOver,
  stateOf,
} from '../support/steer.js'
import { type Harness, timeSkipping } from '../support/time-skipping.js'
import { toyPolicy } from '../toy-project/policy.js'
import { gatewayOn } from './support.js'

const prover = createProver('a secret that has at least 32 characters')
const policy: PromotionPolicy = { ...toyPolicy, promotionApproval: 'other_person', manualPromote: 'never' }

let on: Harness
let issuer: Issuer
let gateway: Gateway
beforeAll(async () => {
  on = await timeSkipping({ prover })
  issuer = await startIssuer()
  const roles = [
    { group: 'operators', roles: ['operate'] as const },
    { group: 'reviewers', roles: ['approve'] as const },
  ].map((one) => ({ ...one, roles: [...one.roles] }))
  const settings = { issuer: issuer.url, audience: AUDIENCE, nameClaim: 'sub', groupsClaim: 'groups', roles }
  gateway = await gatewayOn(on, { verifyBearer: createBearerVerifier(settings), prover })
})
afterEach(() => startOver(on))
afterAll(async () => {
  await gateway?.close()
  await issuer?.stop()
  await on?.close()
})

/** Started through the decision service by ana, unless it is only said. */
async function asks(trigger: string, { proven = true } = {}): Promise<string> {
  const workflowId = releaseWorkflowId('toy', trigger)
  const proof = prover.sign({ workflowId, id: trigger, action: 'start', by: 'ana' })
  await on.start(trigger, { policy, by: 'ana', ...(proven ? { proof } : {}) })
  await exposed(on, workflowId)
  await eventuallyAfterDays(on, 'approval asked for', async () => (await stateOf(on, workflowId)).awaitingApproval)
  return workflowId
}

const recorded = async (id: string) => (await entriesOf(on, id, 'operator_action')).map(({ body }) => body)
const approvals = async (id: string) => (await entriesOf(on, id, 'approval')).map(({ body }) => body.state)
const approve = async (id: string, name: string, more: object = {}) =>
  gateway.post(
    `/v1/projects/toy/releases/${id.split('/')[2]}/actions`,
    { action: 'approve', reason: 'read the report', ...more },
    { authorization: `Bearer ${await issuer.token(name)}` },
  )
const production = async () => (await on.registry.aliases.current('toy')).production

it('a name that is stated, forged or copied approves nothing; another person whose name is proven does', async () => {
  const before = await production()
  const id = await asks('four-eyes')
  const handle = on.client.workflow.getHandle(id)
  // By update, as the command line does beside the registry.
  const stated = await operate(on, id, 'promote', { by: 'bo' })
  expect(stated).toMatchObject({ accepted: false, message: expect.stringContaining('bo is stated, not proven') })
  // By signal, with a proof of another secret, of another run, of another person and of another action.
  const what = { workflowId: id, id: 'copied', action: 'promote', by: 'bo' }
  const proofs = [
    createProver('another secret, which has 32 characters').sign(what),
    prover.sign({ ...what, workflowId: 'release/toy/other' }),
    prover.sign({ ...what, by: 'ana' }),
    prover.sign({ ...what, action: 'pause' }),
    'no proof',
    { of: 'another type' },
  ]
  for (const proof of proofs) {
    const sent = { id: randomUUID(), by: 'bo', reason: 'forged', proof }
    await handle.signal('promote', sent)
  }
  // An update is refused with the field, and no activity fails over it.
  for (const wrong of [{ proof: { of: 'another type' } }, { proof: 'x'.repeat(201) }, { approves: 'yes' }]) {
    const sent = { ...what, reason: 'x', ...wrong } as OperatorAction
    const [field] = Object.keys(wrong)
    const update = handle.executeUpdate(operateUpdate, { args: [sent] })
    await expect(update).rejects.toMatchObject({ cause: { message: expect.stringContaining(`${field}:`) as string } })
  }
  await handle.executeUpdate(operateUpdate, {
    args: [{ ...what, id: 'not copied', action: 'promote', reason: 'x', proof: prover.sign(what) }],
  })
  await eventually('eight refusals', async () => (await recorded(id)).length === 8)
  for (const { accepted, identity } of await recorded(id)) expect([accepted, identity]).toEqual([false, 'stated'])
  expect((await stateOf(on, id)).actions.map(({ accepted }) => accepted)).not.toContain(true)
  // The person who started it, whose name is proven.
  expect((await approve(id, 'ana')).status).toBe(409)
  // Looks continue, and none of them promotes.
  const seen = (await looksOf(on, id)).length
  await eventuallyAfterDays(on, 'another look', async () => (await looksOf(on, id)).length > seen)
  expect(await stateOf(on, id)).toMatchObject({ stage: 'canary', awaitingApproval: true })
  expect(await approvals(id)).toEqual(['asked'])
  expect(await production()).toBe(before)

  expect(await approve(id, 'bo')).toMatchObject({ status: 200, body: { accepted: true } })
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'promoted', reason: 'non_inferior' })
  expect(await approvals(id)).toEqual(['asked', 'given'])
  expect((await recorded(id)).at(-1)).toMatchObject({ by: 'bo', identity: 'proven', accepted: true })
  const shown = await slipway(['release', 'show', id], on.environment)
  expect(shown.stdout).toContain('promote by bo, proven (read the report)')
  expect(shown.stdout).toContain('promote by bo, stated (forged): refused')
})

it('where the name of the person who started it is stated only, it cannot be known who is another one', async () => {
  const id = await asks('stated-start', { proven: false })
  const refused = await approve(id, 'bo')
  expect(refused).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining('ana, who started it, is stated, not proven') as string },
  })
  expect(await stateOf(on, id)).toMatchObject({ stage: 'canary', awaitingApproval: true })
  // Whatever needs no second person works as before.
  expect(await operate(on, id, 'pause', { by: 'cy' })).toMatchObject({ accepted: true })
  expect(await operate(on, id, 'abort', { by: 'cy' })).toMatchObject({ accepted: true })
  expect(await resultOf(on, id)).toMatchObject({ verdict: 'aborted' })
  expect((await recorded(id)).map(({ identity }) => identity)).toEqual(['proven', 'stated', 'stated'])
})
