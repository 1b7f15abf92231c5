/** The end of exposure is recorded before the steps that precede it: a later entry is not a later step. */
import { describe, expect, it } from 'vitest'
import { DAY_MS } from '../../contracts/duration.js'
import { type ExposureStep, inOrderOfForce } from '../../contracts/exposure.js'
import { stepInForce, weightInForce } from '../../exposure/step-in-force.js'
import { exposedRun, START } from './support.js'

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
  ['with a step that is too late', [CLOSED, step(0, 1_000, 0), step(1, 5_000, 4)]],
] as const)('steps %s', (_case, recorded) => {
  const run = exposedRun({ steps: inOrderOfForce(recorded) })
  const weights = (day: number) => {
    const instant = START + day * DAY_MS
    return [stepInForce(run.steps, instant)?.weight, weightInForce(run, instant)]
  }

  it('give the canary a share before that day, and none from that day on', () => {
    expect(weights(0)).toEqual([1_000, 1_000])
    for (const day of [3, 4, 30]) expect(weights(day)).toEqual([0, 0])
  })

  it('begin at once for live traffic', () => {
    expect(weightInForce(run, START - 1)).toBe(1_000)
  })
})
