/** A step is recorded up to a day before its share begins. A pause in between, or just before: no wider step begins. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ExposureRequest } from '../../../contracts/activities.js'
import { DAY_MS } from '../../../contracts/duration.js'
import { stepBeganAt } from '../../../exposure/planned-steps.js'
import { stepInForce } from '../../../exposure/step-in-force.js'
import { stepsOf } from '../../../releases/exposure/open-step.js'
import type { TestRegistry } from '../../registry/test-registry.js'
import { canaryRequest } from '../../support/canary-request.js'
import { registryWithProduction, watchOnce } from '../../support/watched-canary.js'
import { toyPolicy } from '../../toy-project/policy.js'

const HOUR_MS = DAY_MS / 24
const OPENED = Date.parse('2001-01-20T10:00:00Z')
/** The first look that permits the wider step. */
const PERMITTED = OPENED + DAY_MS
const NEXT_DAY = Date.parse('2001-01-22T00:00:00Z')
const policy = {
  ...toyPolicy,
  steps: [
    { weight: 1_000, atLeast: '1d' },
    { weight: 5_000, atLeast: '2d' },
    { weight: 9_000, atLeast: '1d' },
  ],
}
let test: TestRegistry
beforeAll(async () => {
  test = await registryWithProduction()
})
afterAll(() => test?.stop())

function canary(name: string) {
  const watch = async (now: number, more: Partial<ExposureRequest>) => {
    await watchOnce(test, request(more), () => now).catch((error: unknown) => {
      if (!/next look/.test(String(error))) throw error
    })
  }
  const request = (more: Partial<ExposureRequest>) => canaryRequest(`release/toy/${name}`, OPENED, { policy, ...more })
  const wider = { step: 1, stepBegan: PERMITTED, looksAfter: PERMITTED }
  return {
    begin: () => watch(OPENED, {}),
    widen: (now: number) => watch(now, wider),
    paused: (now: number) => watch(now, { ...wider, paused: true }),
    shareAt: async (instant: number) => stepInForce(await stepsOf(test.registry, request({})), instant)?.weight,
    steps: async () => (await stepsOf(test.registry, request({}))).map(({ step, weight }) => `${step}: ${weight}`),
  }
}

it('a step that is recorded for tomorrow does not begin; after the resume it begins on the day after', async () => {
  const run = canary('recorded')
  await run.begin()
  await run.widen(PERMITTED + 1)
  expect(await run.shareAt(NEXT_DAY)).toBe(5_000)
  await run.paused(PERMITTED + HOUR_MS)
  expect(await run.shareAt(NEXT_DAY)).toBe(1_000)
  // Looks while it is paused, before and after that day, change nothing.
  await run.paused(PERMITTED + 2 * HOUR_MS)
  await run.paused(NEXT_DAY + 2 * DAY_MS)
  expect(await run.steps()).toEqual(['0: 1000', '1: 5000', '1: 1000'])
  await run.widen(NEXT_DAY + 2 * DAY_MS + HOUR_MS)
  expect(await run.shareAt(NEXT_DAY + 3 * DAY_MS - 1)).toBe(1_000)
  expect(await run.shareAt(NEXT_DAY + 3 * DAY_MS)).toBe(5_000)
})

it('a step that is resumed before its day begins then, however often it was paused', async () => {
  const run = canary('twice')
  await run.begin()
  await run.widen(PERMITTED + 1)
  for (const hour of [1, 3, 5]) {
    await run.paused(PERMITTED + hour * HOUR_MS)
    expect(await run.shareAt(NEXT_DAY)).toBe(1_000)
    await run.widen(PERMITTED + (hour + 1) * HOUR_MS)
    expect(await run.shareAt(NEXT_DAY)).toBe(5_000)
  }
})

it('a step that is not recorded yet waits for the resume', async () => {
  const run = canary('not-recorded')
  await run.begin()
  await run.paused(PERMITTED + 1)
  expect(await run.steps()).toEqual(['0: 1000'])
  await run.widen(NEXT_DAY + HOUR_MS)
  expect(await run.shareAt(NEXT_DAY + DAY_MS)).toBe(5_000)
})

it('a step whose day has begun stays as it is: an abort or a rollback takes it back', async () => {
  const run = canary('begun')
  await run.begin()
  await run.widen(PERMITTED + 1)
  await run.paused(NEXT_DAY)
  expect(await run.steps()).toEqual(['0: 1000', '1: 5000'])
  await run.paused(NEXT_DAY + HOUR_MS)
  expect(await run.shareAt(NEXT_DAY + DAY_MS)).toBe(5_000)
})

it('a step that begins late lasts as long as its policy says', () => {
  const request = canaryRequest('release/toy/late', OPENED, { policy, step: 1, stepBegan: PERMITTED })
  const step = (fromDay: number) => ({ phase: 'canary', step: 1, weight: 5_000, fromDay }) as const
  expect(stepBeganAt(request, [])).toBe(PERMITTED)
  expect(stepBeganAt(request, [step(NEXT_DAY)])).toBe(PERMITTED)
  expect(stepBeganAt(request, [step(NEXT_DAY), { ...step(NEXT_DAY), weight: 1_000 }, step(NEXT_DAY + DAY_MS)])).toBe(
    NEXT_DAY + DAY_MS,
  )
  expect(stepBeganAt({ ...request, evidence: 'replay' }, [step(NEXT_DAY + DAY_MS)])).toBe(PERMITTED)
  expect(stepBeganAt({ ...request, step: 0 }, [{ ...step(NEXT_DAY + DAY_MS), step: 0 }])).toBe(PERMITTED)
})
