import { expect, it } from 'vitest'
import { reportOn, tailWarning } from '../../../judge/index.js'
import { POLICY } from './from-rows.js'

const { lossBound, ...unbounded } = POLICY.judge
const steps = [500, 2_500].map((weight) => ({ weight, atLeast: '1d' }))
const policy = { ...POLICY, steps, judge: unbounded }

it('names the small steps at which a canary rarely sees the tail', () => {
  expect(tailWarning({ ...policy, schema: 'slipway.policy/1' })).toMatch(
    /promotion is possible at 5 % of the traffic.*use slipway.policy\/2/,
  )
  expect(tailWarning(policy)).toMatch(/days at 5 % of the traffic do not count for a promotion/)
})

it('is silent where losses are bounded, and where all steps are wide', () => {
  expect(
    tailWarning({
      ...policy,
      judge: { ...unbounded, lossBound: lossBound ?? { lowest: 0, highest: 1, beyond: 'refuse' } },
    }),
  ).toBeNull()
  expect(tailWarning({ ...policy, steps: steps.slice(1) })).toBeNull()
})

it('is part of a simulation', () => {
  const asked = { traffic: 400, rate: 0.1, effect: 0, cost: 1, runs: 1, seed: 1 }
  expect(reportOn(policy, asked).warning).toBe(tailWarning(policy))
})
