/** Gateways and workers with clocks that differ: a breach has its effect once, as soon as it is stored. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ExposureRequest } from '../../../contracts/activities.js'
import { DAY_MS } from '../../../contracts/duration.js'
import type { TestRegistry } from '../../registry/test-registry.js'
import { canaryRequest } from '../../support/canary-request.js'
import { registryWithProduction, watchOnce } from '../../support/watched-canary.js'
import { toyPolicy } from '../../toy-project/policy.js'

const HOUR_MS = DAY_MS / 24
const OPENED = Date.now() - 2 * HOUR_MS
let test: TestRegistry
beforeAll(async () => {
  test = await registryWithProduction()
})
afterAll(() => test?.stop())

const requestOf = (workflowId: string, looksAfter = OPENED): ExposureRequest =>
  canaryRequest(workflowId, OPENED, { policy: { ...toyPolicy, lookEvery: '1h' }, looksAfter })

const watch = (request: ExposureRequest, workerSkew: number) => watchOnce(test, request, () => Date.now() + workerSkew)

const breach = (workflowId: string, power: 'pause' | 'rollback', gatewaySkew: number, name: string) =>
  test.registry.ledger.append({
    project: 'toy',
    kind: 'breach',
    subject: workflowId,
    key: `${workflowId}:breach:${name}`,
    body: {
      signal: name,
      arm: 'canary',
      value: 1,
      threshold: 0.1,
      power,
      at: new Date(Date.now() + gatewaySkew).toISOString(),
      phase: 'canary',
    },
  })

// Five hours behind is before the canary opened.
describe.each([-5 * HOUR_MS, -300, 300, 5 * HOUR_MS])('a gateway whose clock is %d ms off', (gatewaySkew) => {
  it.each([-HOUR_MS, 0, HOUR_MS])(
    'and a worker whose clock is %d ms off: acted on at once, and once',
    async (workerSkew) => {
      const run = `release/toy/skew${gatewaySkew}and${workerSkew}`
      await breach(run, 'pause', gatewaySkew, 'first')
      const paused = await watch(requestOf(run), workerSkew)
      expect(paused).toMatchObject({ outcome: 'pause', reason: 'breach:first' })
      await expect(watch(requestOf(run, paused.asOf), workerSkew)).rejects.toThrow(/next look/)
      await breach(run, 'rollback', gatewaySkew, 'second')
      const ended = await watch(requestOf(run, paused.asOf), workerSkew)
      expect(ended).toMatchObject({ outcome: 'rollback', reason: 'breach:second' })
    },
  )
})

it('a look by a worker whose clock is behind the opening was not acted on before the run has its result', async () => {
  const run = 'release/toy/behind-the-opening'
  await breach(run, 'rollback', 0, 'errors')
  const first = await watch(requestOf(run), -3 * HOUR_MS)
  expect(first).toMatchObject({ outcome: 'rollback', reason: 'breach:errors' })
  expect(first.asOf).toBeLessThan(OPENED)
  // The worker died before it returned, or a signal interrupted the wait for it.
  expect(await watch(requestOf(run), 0)).toMatchObject({ outcome: 'rollback', reason: 'breach:errors' })
})
