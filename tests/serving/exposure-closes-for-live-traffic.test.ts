/** The end of exposure is recorded before the steps it comes after: whoever splits traffic must not take a later entry for a later step. */
import { describe, expect, it } from 'vitest'
import { stepOn } from '../../activities/exposure/weights.js'
import type { ExposureStep } from '../../contracts/ledger/index.js'
import { type ExposedRun, inOrderOfForce } from '../../registry/index.js'
import { weightAt } from '../../serving/aliases/assign.js'
import { toyPolicy } from '../toy-project/policy.js'

const DAY_MS = 86_400_000
const START = Date.parse('2001-01-21T00:00:00Z')
const step = (index: number, weight: number, day: number): ExposureStep => ({
  phase: 'canary',
  step: index,
  weight,
  fromDay: START + day * DAY_MS,
})
const CLOSED = step(2, 0, 3)

describe.each([
  ['in the order they are recorded', [CLOSED, step(0, 1_000, 0), step(1, 5_000, 1)]],
  ['with a step that begins on the day exposure ends', [CLOSED, step(0, 1_000, 0), step(1, 5_000, 3)]],
  ['with a step that comes too late', [CLOSED, step(0, 1_000, 0), step(1, 5_000, 4)]],
] as const)('steps %s', (_what, recorded) => {
  const steps = inOrderOfForce(recorded)
  const run = {
    phase: 'canary',
    input: { policy: toyPolicy, clock: { eventStart: START, wallStart: START, speed: 1 } },
    steps,
  } as unknown as ExposedRun
  const weights = (day: number) => [stepOn(steps, START + day * DAY_MS)?.weight, weightAt(run, START + day * DAY_MS)]

  it('give the canary a share before, and none from that day on', () => {
    expect(weights(0)).toEqual([1_000, 1_000])
    for (const day of [3, 4, 30]) expect(weights(day)).toEqual([0, 0])
  })

  it('begin at once for live traffic', () => {
    expect(weightAt(run, START - 1)).toBe(1_000)
  })
})
