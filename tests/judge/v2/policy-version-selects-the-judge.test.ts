import { describe, expect, it } from 'vitest'
import { evidence, judgement, promotionPolicy } from '../../../contracts/schemas/index.js'
import { judge } from '../../../judge/index.js'
import { days, evidenceFrom, NEVER, POLICY, steadyRows } from './from-rows.js'

const given = evidenceFrom(steadyRows(days(4), 300, { canary: 10, production: 6 }))
const { clusters: _clusters, ...rest } = given
const byDecision = {
  ...rest,
  schema: 'slipway.evidence/1' as const,
  cohorts: given.cohorts.map(({ entities: _e, newEntities: _n, clusterSquares: _s, ...cohort }) => cohort),
}
const policy1 = { ...POLICY, schema: 'slipway.policy/1' as const }

describe('the version of a policy selects the judge', () => {
  it('policy/2 gives judgements of version 2, of the published shape', () => {
    const judged = judge(POLICY, given, NEVER)
    expect(judged).toMatchObject({ schema: 'slipway.judgement/2', action: 'promote' })
    expect(judgement.parse(judged)).toEqual(judged)
    expect(evidence.parse(given)).toEqual(given)
  })

  it('policy/1 is judged as before, whatever version the evidence has', () => {
    const judged = judge(policy1, byDecision, NEVER)
    expect(judged.schema).toBe('slipway.judgement/1')
    expect(judged.numbers).not.toHaveProperty('designEffect')
    expect(judge(policy1, given, NEVER)).toEqual(judged)
  })

  it('judge 2 takes evidence/1, each decision being its own entity', () => {
    expect(judge(POLICY, byDecision, NEVER)).toEqual(judge(POLICY, given, NEVER))
  })

  it('entities that do not return get the effect of judge 1, and nearly its standard error', () => {
    const [one, two] = [judge(policy1, byDecision, NEVER).numbers, judge(POLICY, given, NEVER).numbers]
    expect(two.effect).toBeCloseTo(one.effect ?? Number.NaN, 14)
    const ratio = (two.standardError ?? 0) / (one.standardError ?? 0)
    expect(ratio).toBeGreaterThanOrEqual(1)
    expect(ratio).toBeLessThan(1.01)
  })

  it('a small arm without a loss is not certain', () => {
    const cohorts = given.cohorts.map((cohort) =>
      cohort.arm === 'canary'
        ? {
            ...cohort,
            exposed: 60,
            labelled: 60,
            entities: 60,
            newEntities: 60,
            lossSum: 0,
            lossSumSquares: 0,
            clusterSquares: 0,
          }
        : { ...cohort, lossSum: 2, lossSumSquares: 2, clusterSquares: 2 - 4 / 300 },
    )
    const judged = judge(
      POLICY,
      { ...given, cohorts, clusters: { effect: 0, balanced: 0, coverage: 0, estimate: 0 } },
      NEVER,
    )
    expect(judged.numbers.interval?.[1]).toBeGreaterThan(0.01)
  })

  it.each([
    ['acrossDays', { acrossDays: 'random' }],
    ['daysDisagreeAlpha', { daysDisagreeAlpha: 0.05 }],
    ['method', { method: 'bounded' }],
  ])('%s needs version 2', (field, changed) => {
    const parsed = promotionPolicy.safeParse({ ...policy1, judge: { ...POLICY.judge, ...changed } })
    expect(parsed.error?.issues).toMatchObject([{ path: ['judge', field], message: /needs schema slipway.policy\/2/ }])
    expect(promotionPolicy.safeParse({ ...POLICY, judge: { ...POLICY.judge, ...changed } }).success).toBe(true)
  })

  it('a policy of a later version is refused', () => {
    const parsed = promotionPolicy.safeParse({ ...POLICY, schema: 'slipway.policy/3' })
    expect(parsed.error?.issues[0]?.message).toMatch(/a later version needs a later build of Slipway/)
  })
})
