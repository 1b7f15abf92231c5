import { describe, expect, it } from 'vitest'
import type { Cohort, Evidence } from '../../../contracts/types.js'
import { judge } from '../../../judge/index.js'
import { days, evidenceFrom, NEVER, POLICY, steadyRows } from './from-rows.js'

const given = evidenceFrom(steadyRows(days(2), 40, { canary: 4, production: 4 }))
const [first, ...others] = given.cohorts as [Cohort, ...Cohort[]]
const withFirst = (over: object): Evidence => ({ ...given, cohorts: [{ ...first, ...over }, ...others] })
const look = (asOf: string) => ({ asOf, action: 'continue', reason: 'inconclusive', sequential: null }) as const
const { clusters: _clusters, ...withoutClusters } = given

describe('evidence that is invalid is refused with its place and value', () => {
  it.each<[string, Evidence, RegExp]>([
    ['NaN', withFirst({ lossSum: Number.NaN }), /2026-01-01\/canary: lossSum is NaN/],
    ['a negative count', withFirst({ labelled: -1 }), /labelled is -1/],
    ['a fractional count', withFirst({ exposed: 40.5 }), /exposed is 40.5/],
    ['a fractional number of entities', withFirst({ entities: 39.5 }), /entities is 39.5/],
    ['more entities than decisions', withFirst({ entities: 41 }), /entities is 41 of 40 exposed/],
    ['decisions of no entity', withFirst({ entities: 0, newEntities: 0 }), /entities is 0 and exposed 40/],
    ['more new entities than entities', withFirst({ entities: 30 }), /newEntities is 40 of 30 entities/],
    ['an impossible sum by entity', withFirst({ clusterSquares: 1_000 }), /clusterSquares is 1000, and at most/],
    ['a missing sum by entity', withFirst({ clusterSquares: undefined }), /clusterSquares is missing/],
    ['no sums by entity at all', withoutClusters, /clusters is missing/],
    ['sums by entity in version 1', { ...given, schema: 'slipway.evidence/1' }, /only in slipway.evidence\/2/],
    ['a negative sum', { ...given, clusters: { ...given.clusters, effect: -1 } } as Evidence, /clusters.effect is -1/],
    [
      'losses beyond the bound',
      withFirst({ lossSum: 80, lossSumSquares: 170, clusterSquares: 10 }),
      /lossSum is 80 of 40 losses from 0/,
    ],
    ['a day twice', { ...given, cohorts: [first, ...given.cohorts] }, /2026-01-01\/canary is given twice/],
    [
      'looks out of order',
      { ...given, looks: [look('2026-01-20T00:00:00Z'), look('2026-01-19T00:00:00Z')] },
      /2026-01-19T00:00:00Z is out of order/,
    ],
    [
      'an arm compared with itself',
      { ...given, arms: { challenger: 'canary', reference: 'canary' } },
      /arms: canary is compared with itself/,
    ],
    [
      'losses whose squares are beyond the bound',
      withFirst({ lossSumSquares: 90, clusterSquares: 10 }),
      /lossSumSquares is 90, and at most .* is possible for 40 losses from 0 to 1/,
    ],
    ['more losses beyond the bound than losses', withFirst({ beyondBound: 41 }), /beyondBound is 41 of 40 labelled/],
    [
      'arms that no release compares',
      { ...given, arms: { challenger: 'production', reference: 'canary' } },
      /production is compared with canary; possible: canary with production/,
    ],
    [
      'a mature day whose labels are not final',
      withFirst({ day: '2026-01-30' }),
      /2026-01-30\/canary is mature, and the label horizon of 3d has not passed/,
    ],
    ['a mature day that has not ended', withFirst({ day: '2026-02-01' }), /2026-02-01\/canary is mature, and its day/],
    ['a look after this one', { ...given, looks: [look('2026-03-01T00:00:00Z')] }, /out of order/],
  ])('%s', (_what, evidence, message) => {
    expect(() => judge(POLICY, evidence, NEVER)).toThrow(message)
  })

  it('the same evidence without the fault is judged', () => {
    expect(judge(POLICY, given, NEVER).action).toBe('continue')
  })
})
