/** Processes whose clocks differ write one ledger: its times are those of the database, and never run backwards. */
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { type AnyEntry, appendAnything } from '../support/append-anything.js'
import { type TestRegistry, testRegistry } from './test-registry.js'

const HOUR_MS = 3_600_000
let test: TestRegistry
beforeAll(async () => {
  test = await testRegistry()
})
afterEach(() => vi.useRealTimers())
afterAll(() => test?.stop())

const entry = (key: string, more: Partial<AnyEntry> = {}): AnyEntry => ({
  project: 'skewed',
  kind: 'evaluation',
  subject: 'release/skewed/1',
  key,
  body: { gates: {}, cost: 0.1 },
  ...more,
})

it('a process whose clock is an hour ahead or behind records the time of the database', async () => {
  const times: number[] = []
  for (const [key, skew] of [
    ['right', 0],
    ['behind', -HOUR_MS],
    ['ahead', HOUR_MS],
    ['right again', 0],
  ] as const) {
    const real = Date.now()
    vi.useFakeTimers({ toFake: ['Date'], now: real + skew })
    const { at } = await appendAnything(test.registry, entry(key))
    vi.useRealTimers()
    times.push(Date.parse(at))
    expect(Math.abs(Date.parse(at) - real)).toBeLessThan(HOUR_MS / 2)
  }
  expect(times).toEqual(times.toSorted((a, b) => a - b))
})

it('an entry after one of the future has its time: the order of the ledger is the order of its times', async () => {
  const future = new Date(Date.now() + HOUR_MS).toISOString()
  const project = 'monotone'
  await appendAnything(test.registry, entry('future', { project, at: future }))
  const next = await appendAnything(test.registry, entry('next', { project }))
  expect(next.at).toBe(future)
})
