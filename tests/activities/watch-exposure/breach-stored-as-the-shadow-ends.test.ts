/** A breach of the shadow is stored after its last look, and before the first step has begun: it has its effect. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ExposureRequest } from '../../../contracts/activities.js'
import { DAY_MS } from '../../../contracts/duration.js'
import type { TestRegistry } from '../../registry/test-registry.js'
import { canaryRequest } from '../../support/canary-request.js'
import { registryWithProduction, watchOnce } from '../../support/watched-canary.js'
import { shadowPolicy } from '../../toy-project/policy.js'

const OPENED = Date.UTC(2001, 0, 20)
const ENDS = OPENED + 2 * DAY_MS
let test: TestRegistry
beforeAll(async () => {
  test = await registryWithProduction(2)
})
afterAll(() => test?.stop())

const watch = (request: ExposureRequest, now: number) => watchOnce(test, request, () => now)

const breach = (run: string, power: 'pause' | 'rollback', signal: string) =>
  test.registry.ledger.append({
    project: 'toy',
    kind: 'breach',
    subject: run,
    key: `${run}:breach:${signal}`,
    body: {
      signal,
      arm: 'shadow',
      value: 1,
      threshold: 0,
      power,
      phase: 'shadow',
      at: new Date(ENDS - 1_000).toISOString(),
    },
  })

const shadowOf = (run: string, more: Partial<ExposureRequest> = {}) =>
  canaryRequest(run, OPENED, { phase: 'shadow', policy: shadowPolicy, ...more })

/** What the workflow asks for when the shadow has ended. */
const canaryAfter = (run: string, { asOf, breaches }: Awaited<ReturnType<typeof watch>>): ExposureRequest => ({
  ...canaryRequest(run, asOf, { policy: shadowPolicy, clock: shadowOf(run).clock }),
  ...(breaches ? { actedOn: breaches } : {}),
})

it.each(['rollback', 'pause'] as const)('of power %s: the first look of the canary acts on it, once', async (power) => {
  const run = `release/toy/${power}`
  const ended = await watch(shadowOf(run), ENDS + 1)
  expect(ended).toMatchObject({ outcome: 'step_over', asOf: ENDS })
  await breach(run, power, 'errors')
  const canary = canaryAfter(run, ended)
  const acted = await watch(canary, ENDS + 2)
  expect(acted).toMatchObject({ outcome: power, reason: 'breach:errors' })
  const { asOf: looksAfter, breaches } = acted
  const next = watch({ ...canary, looksAfter, ...(breaches ? { actedOn: breaches } : {}) }, ENDS + 3)
  await expect(next).rejects.toThrow(/next look/)
})

it('one that the shadow has acted on is history', async () => {
  const run = 'release/toy/known'
  await breach(run, 'pause', 'errors')
  const paused = await watch(shadowOf(run), ENDS + 1)
  expect(paused).toMatchObject({ outcome: 'pause', asOf: ENDS + 1 })
  const { asOf: looksAfter, breaches } = paused
  const ended = await watch(
    shadowOf(run, { looksAfter, ...(breaches ? { actedOn: breaches } : {}) }),
    ENDS + DAY_MS + 1,
  )
  expect(ended).toMatchObject({ outcome: 'step_over', asOf: ENDS + DAY_MS })
  await expect(watch(canaryAfter(run, ended), ENDS + DAY_MS + 2)).rejects.toThrow(/next look/)
})
