/**
 * A look is recorded and its result is lost, with its worker or by an operator action. What a person answers meanwhile
 * is in force when the look is repeated.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ExposureRequest } from '../../../contracts/activities.js'
import { DAY_MS } from '../../../contracts/duration.js'
import { recordOperatorAction } from '../../../releases/record-operator-action.js'
import type { TestRegistry } from '../../registry/test-registry.js'
import { canaryRequest } from '../../support/canary-request.js'
import { registryWithProduction, watchOnce } from '../../support/watched-canary.js'
import { toyPolicy } from '../../toy-project/policy.js'

const OPENED = Date.parse('2001-01-20T00:00:00Z')
const LOOK = OPENED + 2 * DAY_MS
const NEXT = expect.objectContaining({ message: expect.stringContaining('next look') as string }) as unknown
let test: TestRegistry
beforeAll(async () => {
  test = await registryWithProduction()
})
afterAll(() => test?.stop())

const watch = (request: ExposureRequest) => watchOnce(test, request, () => LOOK + 1)
const run = (name: string) => ({ project: 'toy', workflowId: `release/toy/${name}` })

const breach = (workflowId: string, id: string) =>
  test.registry.ledger.append({
    project: 'toy',
    kind: 'breach',
    subject: workflowId,
    key: `${workflowId}:breach:${id}`,
    body: {
      signal: 'errors',
      arm: 'canary',
      value: 1,
      threshold: 0.1,
      power: 'pause',
      at: new Date(LOOK - 1).toISOString(),
    },
  })
const resume = (name: string) =>
  recordOperatorAction(
    test.registry,
    run(name),
    { id: 'resume', action: 'resume', by: 'ana', reason: 'looked at it' },
    { accepted: true, message: 'resumed' },
  )

it('a pause after which a person resumed is not repeated', async () => {
  const { workflowId } = run('resumed')
  const request = canaryRequest(workflowId, OPENED)
  await breach(workflowId, 'first')
  expect(await watch(request)).toMatchObject({ outcome: 'pause', asOf: LOOK })
  await resume('resumed')
  const resumed = { ...request, resumedAt: Date.now(), resumedBy: 'resume' }
  await expect(watch(resumed)).rejects.toEqual(NEXT)
  // Another breach pauses again.
  await breach(workflowId, 'second')
  expect(await watch(resumed)).toMatchObject({ outcome: 'pause' })
})

it('nor while the resume is not recorded yet', async () => {
  const { workflowId } = run('resuming')
  const request = canaryRequest(workflowId, OPENED)
  await breach(workflowId, 'first')
  expect(await watch(request)).toMatchObject({ outcome: 'pause' })
  await expect(watch({ ...request, resumedAt: Date.now() + 60_000, resumedBy: 'resume' })).rejects.toEqual(NEXT)
})

it('a pause after the resume stands', async () => {
  const { workflowId } = run('before')
  await resume('before')
  await breach(workflowId, 'first')
  const request = { ...canaryRequest(workflowId, OPENED), resumedAt: Date.now(), resumedBy: 'resume' }
  expect(await watch(request)).toMatchObject({ outcome: 'pause', asOf: LOOK })
  expect(await watch(request)).toMatchObject({ outcome: 'pause', asOf: LOOK })
})

it('a hold at the deadline is judged again with the deadline that a person extended', async () => {
  const policy = { ...toyPolicy, steps: [{ weight: 1_000, atLeast: '9d' }] }
  const at = (deadline: number) =>
    canaryRequest(run('extended').workflowId, OPENED, { policy, deadline: new Date(deadline).toISOString() })
  expect(await watch(at(LOOK))).toMatchObject({ outcome: 'hold', asOf: LOOK })
  expect(await watch(at(LOOK))).toMatchObject({ outcome: 'hold', asOf: LOOK })
  await expect(watch(at(LOOK + 7 * DAY_MS))).rejects.toEqual(NEXT)
})
