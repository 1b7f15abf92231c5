/** Where a day floods production with alerts too, the data is the cause: the candidate is not rolled back for it. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { DAY_MS } from '../../../contracts/duration.js'
import type { Arm } from '../../../contracts/names.js'
import { breachesOf, type Measured } from '../../../exposure/breaches.js'
import { beyondReference, breachAbove, breachBelow } from '../../../projects/kit/monitor-signals.js'
import type { Project } from '../../../projects/project.js'
import { type SeenDecision, storeBreaches } from '../../../releases/replay/replayed-breaches.js'
import { type TestRegistry, testRegistry } from '../../registry/test-registry.js'
import { project as toy } from '../../toy-project/index.js'

const flood = breachAbove('flood', 'rollback_event', 0.6, '1d', 'rollback')
const relative = beyondReference(0.2, flood)
const measured = (arm: Arm, value: number, decisions = 100): Measured => ({
  arm,
  from: 0,
  to: DAY_MS,
  decisions,
  numbers: { flood: value },
})
const fires = (signal: typeof flood, value: number, reference?: Measured) =>
  breachesOf([signal], measured('canary', value), 0, reference).length > 0

it('fires beyond the threshold and beyond the reference by more than the margin, on the side of the signal', () => {
  expect(fires(relative, 0.95, measured('production', 0.93))).toBe(false)
  expect(fires(relative, 0.95, measured('production', 0.74))).toBe(true)
  expect(fires(relative, 0.59, measured('production', 0.1))).toBe(false)
  const below = beyondReference(0.2, breachBelow('flood', 'data_health', 0.5, '1d', 'pause'))
  expect(fires(below, 0.1, measured('production', 0.25))).toBe(false)
  expect(fires(below, 0.1, measured('production', 0.4))).toBe(true)
})

it('without a margin, or without enough decisions to compare with, the threshold alone decides', () => {
  expect(fires(flood, 0.95, measured('production', 0.93))).toBe(true)
  expect(fires(relative, 0.95)).toBe(true)
  expect(fires(relative, 0.95, measured('production', 0.93, 19))).toBe(true)
})

let test: TestRegistry
beforeEach(async () => {
  test = await testRegistry()
})
afterEach(() => test?.stop())

const project = {
  ...toy,
  measure: ({ decisions }) => ({
    flood: decisions.filter(({ action }) => action === 'warn').length / Math.max(1, decisions.length),
  }),
} as Project

const seen = (share: number): SeenDecision[] =>
  Array.from({ length: 100 }, (_, index) => ({
    at: (index * DAY_MS) / 100,
    input: {},
    output: {},
    action: index < share * 100 ? 'warn' : 'none',
  }))

it.each([
  ['both arms flood', { production: 0.93, canary: 0.95 }, []],
  ['the candidate alone floods', { production: 0.3, canary: 0.95 }, ['canary']],
  ['production alone floods', { production: 0.95, canary: 0.3 }, []],
])('a replayed day on which %s', async (_what, shares, arms) => {
  await storeBreaches(test.registry, project, {
    workflowId: 'release/toy/flood',
    phase: 'canary',
    from: 0,
    to: DAY_MS,
    signals: [relative],
    seen: new Map(Object.entries(shares).map(([arm, share]) => [arm as Arm, seen(share)])),
  })
  const stored = await test.registry.ledger.entries('toy', { kind: 'breach' })
  expect(stored.map(({ body }) => body.arm)).toEqual(arms)
})
