/** A gateway stores a breach a moment after its instant; a look at that instant may have been acted on in between. */

import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ExposureRequest } from '../../../contracts/activities.js'
import { DAY_MS } from '../../../contracts/duration.js'
import type { Arm } from '../../../contracts/names.js'
import { readOpenBreaches } from '../../../releases/looks/open-breaches.js'
import { type TestRegistry, testRegistry } from '../../registry/test-registry.js'
import { appendAnything } from '../../support/append-anything.js'
import { canaryRequest } from '../../support/canary-request.js'
import { toyPolicy } from '../../toy-project/policy.js'

const OPENED = Date.parse('2001-01-20T00:00:00Z')
const LOOK = OPENED + DAY_MS
const RUN = 'release/toy/late-breach'
const request = canaryRequest(RUN, OPENED, { policy: toyPolicy, step: 1, looksAfter: LOOK })
let test: TestRegistry
beforeAll(async () => {
  test = await testRegistry()
})
afterAll(() => test?.stop())

const iso = (instant: number) => new Date(instant).toISOString()

async function breach(signal: string, at: number, arm: Arm = 'canary'): Promise<void> {
  const numbers = { signal, arm, value: 1, threshold: 0.1, power: 'rollback', at: iso(at) }
  const entry = { project: 'toy', kind: 'breach', subject: RUN, key: `${RUN}:${signal}` } as const
  await appendAnything(test.registry, { ...entry, body: { workflowId: RUN, ...numbers } })
}

it('is acted on by the next look, and a breach that the earlier look had is not acted on again', async () => {
  await breach('shown', LOOK - 10)
  const judgement = { action: 'widen', reason: 'step_over', numbers: { asOf: iso(LOOK) } }
  const look = { project: 'toy', kind: 'judgement', subject: RUN, key: `${RUN}:canary:look:${iso(LOOK)}:x:1` } as const
  await appendAnything(test.registry, { ...look, body: { phase: 'canary', judgement } })
  await breach('late', LOOK - 10)
  await breach('new', LOOK + 10)
  await breach('promoted', LOOK + 20, 'production')
  const signals = async (asked: ExposureRequest) =>
    (await readOpenBreaches(test.registry, asked, { asOf: LOOK + DAY_MS, present: true })).map(({ signal }) => signal)
  expect(await signals(request)).toEqual(['late', 'new', 'promoted'])
  // Looks of the canary do not count in the probation, and a breach that may only pause has no effect there.
  expect(await signals({ ...request, phase: 'probation' })).toEqual(['promoted'])
})
