/**
 * A candidate whose canary cannot have enough mature labels by its deadline is refused, unless asked for all the same.
 */
import { expect, it } from 'vitest'
import { DAY_MS, utcDay } from '../../contracts/duration.js'
import {
  liveTrafficSeen,
  neededPerDay,
  replayedTrafficSeen,
  requireReachableLabels,
} from '../../releases/reachable-labels.js'
import { testRegistry } from '../registry/test-registry.js'
import { project } from '../toy-project/index.js'
import { toyPolicy } from '../toy-project/policy.js'

// A day at 10 %, then 12 days at 50 % whose labels are mature at the deadline of 14 days: 6.1 days of the canary.
const policy = { ...toyPolicy, labelHorizon: '1d', deadline: '14d' }
const of = (minMature: number) => ({ ...policy, judge: { ...policy.judge, minMature } })

it('the traffic that is needed follows from steps, horizon and deadline', () => {
  expect(neededPerDay(of(610))).toBe(100)
  expect(neededPerDay({ ...of(610), deadline: '8d' })).toBe(Math.ceil(610 / 3.1))
  // The arm with fewer counts, which is production here.
  expect(neededPerDay({ ...of(130), steps: [{ weight: 9_000, atLeast: '20d' }] })).toBe(Math.ceil(130 / 1.3))
})

it('too little is refused with the number that can be reached and what to do; enough, or nothing known, is not', () => {
  const day = '2001-01-20'
  expect(() => requireReachableLabels(of(610), { day, decisions: 99 })).toThrow(
    expect.objectContaining({
      type: 'BadRequest',
      message: expect.stringMatching(
        /99 decisions a day, as on 2001-01-20, .* at most 603 .*--allow-undecided/,
      ) as string,
    }),
  )
  expect(() => requireReachableLabels(of(610), { day, decisions: 100 })).not.toThrow()
  expect(() => requireReachableLabels(of(610), null)).not.toThrow()
})

it('replayed traffic is that of the days after the cutoff, and is read no further than needed', async () => {
  const cutoff = project.defaultCutoff
  const seen = await replayedTrafficSeen(project, { cutoff }, 50)
  expect(seen).toEqual({ day: utcDay(Math.ceil(Date.parse(cutoff) / DAY_MS) * DAY_MS), decisions: 50 })
  const whole = await replayedTrafficSeen(project, { cutoff }, 1e9)
  expect(whole?.decisions).toBeGreaterThan(50)
  const ended = { async *replay() {} }
  expect(await replayedTrafficSeen(ended, { cutoff }, 1)).toBeNull()
})

it('live traffic is that of whole days: a service that has just started is refused nothing', async () => {
  const test = await testRegistry()
  try {
    const today = Math.floor(Date.now() / DAY_MS) * DAY_MS
    const seen = () => liveTrafficSeen(test.registry, 'toy', today + DAY_MS - 1)
    const decide = (daysAgo: number, count: number) =>
      test.registry.evidence.logDecisions(
        'toy',
        Array.from({ length: count }, (_, index) => ({
          decisionId: `${daysAgo}:${index}`,
          workflowId: '',
          releaseId: 'toy_v1',
          arm: 'production',
          entityHash: `${index}`,
          eventAt: today - daysAgo * DAY_MS + index,
          output: {},
          action: 'warn',
          source: 'live',
          fresh: true,
        })),
      )
    expect(await seen()).toBeNull()
    await decide(0, 50)
    expect(await seen()).toBeNull()
    await decide(1, 30)
    // The first day began when the service did.
    expect(await seen()).toBeNull()
    await decide(2, 90)
    expect(await seen()).toEqual({ day: utcDay(today - DAY_MS), decisions: 30 })
  } finally {
    await test.stop()
  }
})
