import { expect, it } from 'vitest'
import type { PromotionPolicy } from '../../../contracts/types.js'
import { replay } from '../../../judge/index.js'
import { days, evidenceFrom, POLICY, steadyRows, under } from './from-rows.js'

const OPENED = Date.parse('2026-01-01T00:00:00Z')
const evidence = [evidenceFrom(steadyRows(days(6), 200, { canary: 8, production: 4 }))]
const replayed = (policy: PromotionPolicy, gatheredUnder: PromotionPolicy) => () =>
  replay({ ...policy, lookEvery: '1d' }, gatheredUnder, evidence, OPENED)
const before = { ...POLICY, schema: 'slipway.policy/1' } as const

it('sums with another loss of failed scorings cannot answer, and the error names the field', () => {
  expect(replayed(under({ failureLoss: 0.5 }), POLICY)).toThrow(
    'failureLoss is 0.5, but the evidence was gathered with 1; keep failureLoss and change the rest',
  )
  expect(replayed(POLICY, under({ failureLoss: 0.5 }))).toThrow(
    'failureLoss is 1, but the evidence was gathered with 0.5',
  )
  expect(replayed(under({ failureLoss: 1 }), POLICY)).not.toThrow()
})

it('a policy under which failures are no evidence can be asked whatever they cost', () => {
  expect(replayed(before, under({ failureLoss: 0.5 }))()).toHaveLength(1)
})

it('evidence of policy/1 has no failures: they cannot be charged afterwards, and all else can be asked', () => {
  expect(replayed(under({ failureLoss: 1 }), before)).toThrow(
    'failureLoss is 1, but the evidence contains no failed scorings; remove failureLoss and change the rest',
  )
  expect(replayed(POLICY, before)()).toHaveLength(1)
  expect(replayed(before, POLICY)()).toHaveLength(1)
})
