import { expect, it } from 'vitest'
import { promotionPolicy } from '../../contracts/schemas/index.js'
import type { PromotionPolicy } from '../../contracts/types.js'
import { loadProjects } from '../../projects/load.js'
import { releaseInputOf } from '../../releases/release-input.js'
import { shadowPolicy, toyPolicy } from '../toy-project/policy.js'

const start =
  (policy: PromotionPolicy, labelsIndependentOfAction = false) =>
  () =>
    releaseInputOf({
      project: { name: 'toy', policy: promotionPolicy.parse(policy), labelsIndependentOfAction },
      id: 'policy',
      kind: 'cli',
      by: 'test',
      at: '2001-02-01T00:00:00.000Z',
      cutoff: '2001-01-20T00:00:00.000Z',
      parameters: {},
    })

const lasting = (lasts: string) => ({ ...toyPolicy, labelHorizon: '2d', probation: { holdback: 1_000, lasts } })

it('a probation shorter than the label horizon and a day is refused, with the shortest that can see harm', () => {
  const refused = 'policy: probation.lasts is 71h: with labels final after 2d it could never see matured harm'
  expect(start(lasting('71h'))).toThrow(`${refused}; it must be at least 3d`)
  expect(start(lasting('3d'))).not.toThrow()
  expect(start({ ...lasting('1d'), labelHorizon: '36h' })).toThrow('it must be at least 60h')
})

it('a deadline before the first possible verdict is refused, by labels and by steps', () => {
  const horizon = { ...toyPolicy, labelHorizon: '5d', probation: { holdback: 1_000, lasts: '6d' } }
  expect(start({ ...horizon, deadline: '143h' })).toThrow('policy: deadline is 143h: with labels final after 5d')
  expect(start({ ...horizon, deadline: '143h' })).toThrow('it must be at least 6d')
  expect(start({ ...horizon, deadline: '6d' })).not.toThrow()
  const steps = [
    { weight: 1_000, atLeast: '4d' },
    { weight: 5_000, atLeast: '4d' },
  ]
  expect(start({ ...toyPolicy, steps, deadline: '7d' })).toThrow('it must be at least 8d')
  expect(start({ ...toyPolicy, steps, deadline: '8d' })).not.toThrow()
  // The canary is decided when its exposure has ended, whatever its steps.
  expect(start({ ...toyPolicy, steps, exposureLasts: '3d', deadline: '4d' })).not.toThrow()
})

it('a shadow that waits for labels which its decisions never get is refused', () => {
  const policy = { ...shadowPolicy, shadow: { share: 100, lasts: '1d', minMature: 10 } }
  expect(start(policy)).toThrow('policy: shadow.minMature is 10: labels of toy may depend on the action')
  expect(start({ ...policy, shadow: { share: 100, lasts: '1d' } })).not.toThrow()
  expect(start(policy, true)).not.toThrow()
  const paired = { ...shadowPolicy, shadow: { share: 100, lasts: '1d', paired: { onHarm: 'hold' as const } } }
  expect(start(paired)).toThrow('policy: shadow.paired is there: labels of toy may depend on the action')
  expect(start(paired, true)).not.toThrow()
})

it('unbounded losses without a step of a fifth of the traffic are refused, because nothing could be promoted', () => {
  const narrow = { ...toyPolicy, schema: 'slipway.policy/2' as const, steps: [{ weight: 1_000, atLeast: '1d' }] }
  const { lossBound: _bound, ...before } = narrow.judge
  const judge = { ...before, failureLoss: 1 }
  expect(start({ ...narrow, judge })).toThrow('steps.0.weight is 1000: with unbounded losses it could never promote')
  expect(start({ ...narrow, judge, steps: [{ weight: 2_000, atLeast: '1d' }] })).not.toThrow()
  const lossBound = { lowest: 0, highest: 1, beyond: 'refuse' as const }
  expect(start({ ...narrow, judge: { ...judge, lossBound } })).not.toThrow()
  expect(start({ ...narrow, judge: before, schema: 'slipway.policy/1' })).not.toThrow()
})

it('every shipped policy can decide', async () => {
  const policies = [...(await loadProjects()).values()].map(({ policy }) => policy)
  const { promotion: template } = await import('../../cli/templates/project/policy.js')
  const { promotion: example } = await import('../../examples/python-late/policy.js')
  expect(policies.length).toBeGreaterThanOrEqual(4)
  for (const policy of [...policies, template, example]) expect(start(policy), policy.name).not.toThrow()
})
