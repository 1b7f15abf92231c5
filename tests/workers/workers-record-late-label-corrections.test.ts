import { afterAll, beforeAll, expect, it } from 'vitest'
import { DAY_MS } from '../../contracts/duration.js'
import { startHousekeeping } from '../../workers/housekeeping.js'
import { type TestRegistry, testRegistry } from '../registry/test-registry.js'
import { recordCanary, recordVerdict } from '../releases/judgements/recorded-canary.js'
import { toyPolicy } from '../toy-project/policy.js'

const RUN = 'release/toy/corrected-later'
const AFTER = Date.parse('2001-02-15T00:00:00Z')
let test: TestRegistry
beforeAll(async () => {
  test = await testRegistry()
  const policy = { ...toyPolicy, steps: [{ weight: 5_000, atLeast: '1d' }] }
  await recordCanary(test.registry, RUN, { policy, days: 6, canary: 0.2 })
})
afterAll(() => test?.stop())

const recorded = () => test.registry.ledger.entries('toy', { kind: 'label_correction', subject: RUN })
const correct = (from: number, version: number) =>
  test.registry.evidence.recordOutcomes(
    'toy',
    Array.from({ length: 20 }, (_, index) => ({
      decisionId: `${RUN}:2001-01-20:${from + index}`,
      version,
      label: 5,
      loss: 5,
      observedAt: AFTER - DAY_MS,
    })),
  )

it('corrections after a verdict are recorded once each without a command, and not while a run still looks', async () => {
  let now = AFTER
  let passes = 0
  const registry = {
    ...test.registry,
    labels: {
      ...test.registry.labels,
      correctedRuns: async (since: string | null) => {
        passes += 1
        return test.registry.labels.correctedRuns(since)
      },
    },
  }
  const housekeeping = startHousekeeping({ registry, now: () => now }, 20)
  const pass = async () => {
    const before = passes
    // Two more passes: the current one may have started earlier.
    await expect.poll(() => passes, { timeout: 60_000 }).toBeGreaterThan(before + 2)
  }
  try {
    await correct(0, 2)
    await pass()
    expect(await recorded()).toEqual([])
    await recordVerdict(test.registry, RUN, 'promoted', 'non_inferior')
    await expect.poll(async () => (await recorded()).length, { timeout: 60_000 }).toBe(1)
    await pass()
    expect((await recorded()).map(({ body }) => body.phase)).toEqual(['canary'])
    // Further corrections, later.
    await correct(100, 2)
    now += DAY_MS / 24
    await expect.poll(async () => (await recorded()).length, { timeout: 60_000 }).toBe(2)
    await pass()
    expect(await recorded()).toHaveLength(2)
  } finally {
    await housekeeping.stop()
  }
  const before = passes
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(passes).toBe(before)
})
