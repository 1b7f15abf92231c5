/** A candidate that is better on the whole, and far worse for a part of the traffic, in a whole release. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PromotionPolicy, SegmentsPolicy } from '../../contracts/types.js'
import { looksOf, resultOf } from '../support/steer.js'
import { type Harness, timeSkipping } from '../support/time-skipping.js'
import { toyPolicy } from '../toy-project/policy.js'

let on: Harness
beforeAll(async () => {
  on = await timeSkipping()
})
afterAll(() => on?.close())

/** Without x, z says that a parcel is late; the candidate reads x alone, and production warns of every parcel. */
const segments = (onHarm: SegmentsPolicy['onHarm']): SegmentsPolicy => ({
  onHarm,
  minMature: 30,
  of: [
    {
      name: 'late by z',
      where: [
        { field: 'x', in: [0] },
        { field: 'z', atLeast: 1 },
      ],
    },
  ],
})
const policy = (onHarm: SegmentsPolicy['onHarm']): PromotionPolicy => ({
  ...toyPolicy,
  schema: 'slipway.policy/2',
  name: `toy_segments_${onHarm}`,
  steps: [{ weight: 5_000, atLeast: '1d' }],
  judge: {
    ...toyPolicy.judge,
    maxRuns: 2,
    // The whole may not decide before the segment.
    minMature: 2_000,
    lossBound: { lowest: 0, highest: 5, beyond: 'refuse' },
  },
  segments: segments(onHarm),
})

it.each([
  ['hold', { verdict: 'held', reason: 'hold:segment_harm:late by z' }],
  ['rollback', { verdict: 'rolled_back', reason: 'segment_harm:late by z' }],
] as const)('by %s, at once and without an extension', async (onHarm, expected) => {
  const id = await on.start(`segment-${onHarm}`, { policy: policy(onHarm) })
  expect(await resultOf(on, id)).toMatchObject(expected)
  const looks = await looksOf(on, id)
  const last = looks.at(-1)?.judgement
  expect(last).toMatchObject({ action: onHarm, reason: 'segment_harm:late by z' })
  expect(last?.numbers.effect).toBeLessThan(0)
  expect(last?.numbers.segments).toMatchObject([{ name: 'late by z', harmful: true }])
  // No look after the one that found it.
  expect(looks.filter(({ judgement }) => judgement.reason.startsWith('segment_harm'))).toHaveLength(1)
})
