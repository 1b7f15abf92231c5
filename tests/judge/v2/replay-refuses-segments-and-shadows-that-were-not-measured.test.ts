/** Evidence holds sums of what was asked for when it was gathered; another policy cannot ask for other sums. */
import { expect, it } from 'vitest'
import type { PromotionPolicy } from '../../../contracts/types.js'
import { replay } from '../../../judge/index.js'
import { days, evidenceFrom, POLICY, steadyRows } from './from-rows.js'
import { inShadow, pairedFrom, pairedPolicy, steadyPairs } from './paired-rows.js'
import { policyWith, withSegments } from './segments-from-rows.js'

const OPENED = Date.parse('2026-01-01T00:00:00Z')
const rows = steadyRows(days(6), 200, { canary: 8, production: 4 })
const evidence = withSegments(rows, ['north', 'south'], ({ entity }) => [entity.endsWith('1') ? 'north' : 'south'])
const replayed = (policy: PromotionPolicy, gatheredUnder: PromotionPolicy, recorded = [evidence]) =>
  replay({ ...policy, lookEvery: '1d' }, gatheredUnder, recorded, OPENED)

const north = policyWith({ names: ['north'] })
const both = policyWith({ names: ['north', 'south'] })
const where = [{ field: 'source', in: ['n'] }]
const elsewhere: PromotionPolicy = { ...north, segments: { onHarm: 'hold', of: [{ name: 'north', where }] } }

it('segments that were measured can be asked for, all or fewer', () => {
  expect([both, north, POLICY].map((asked) => replayed(asked, both).length)).toEqual([1, 1, 1])
})

it('another segment is refused with those that were measured, and one of other traffic by its name', () => {
  const way = '; use segments of the recorded policy, or fewer'
  expect(() => replayed(both, north)).toThrow(
    `segment south was not measured: the evidence has the segments north${way}`,
  )
  expect(() => replayed(policyWith({ names: ['west'] }), both)).toThrow('the evidence has the segments north, south;')
  expect(() => replayed(north, POLICY)).toThrow(`segment north was not measured: the evidence has no segments${way}`)
  expect(() => replayed(elsewhere, north)).toThrow(`segment north was gathered with another "where"${way}`)
})

it('losses of a shadow that were recorded at one look at least can be compared', () => {
  const without = evidenceFrom(rows)
  const pairs = inShadow(pairedFrom(steadyPairs(days(5), { perDay: 400, better: 40, worse: 20 })))
  const policy = pairedPolicy()
  expect(() => replayed(policy, policy, [without])).toThrow(
    'shadow.paired is there, but the evidence has no losses of a shadow; remove shadow.paired and change the rest',
  )
  const unpaired = { ...policy, shadow: { share: 10_000, lasts: '2d' } }
  expect(replayed(unpaired, policy, [without])).toHaveLength(1)
  expect(replayed(policy, policy, [{ ...pairs, asOf: '2026-01-03T00:00:00.000Z' }, without]).length).toBeGreaterThan(0)
})
