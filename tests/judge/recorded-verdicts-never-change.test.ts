/**
 * A judge version gives the same judgement for the same evidence permanently. Where a change of the judge makes this
 * red, the change is a new version of it, and this one stays: docs/decisions/031-judge-versions.md.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { evidence, judgement, promotionPolicy } from '../../contracts/schemas/index.js'
import type { Judgement } from '../../contracts/types.js'
import { judge } from '../../judge/index.js'
import type { Case } from './golden/cases.js'

const golden = JSON.parse(readFileSync(new URL('golden/judge-1.json', import.meta.url), 'utf8')) as (Case & {
  judgement: Judgement
})[]

describe('judge 1', () => {
  it.each(golden.map((one) => [one.name, one] as const))('%s', (_name, { policy, evidence, deadline, judgement }) => {
    expect(JSON.stringify(judge(policy, evidence, deadline))).toBe(JSON.stringify(judgement))
  })

  it('is held by evidence and judgements of the published shape, which give every kind of answer', () => {
    for (const one of golden) {
      expect(promotionPolicy.parse(one.policy)).toEqual(one.policy)
      expect(evidence.parse(one.evidence)).toEqual(one.evidence)
      expect(judgement.parse(one.judgement)).toEqual(one.judgement)
    }
    expect(new Set(golden.map(({ judgement: { action } }) => action))).toEqual(
      new Set(['promote', 'rollback', 'hold', 'continue', 'pause']),
    )
  })
})
