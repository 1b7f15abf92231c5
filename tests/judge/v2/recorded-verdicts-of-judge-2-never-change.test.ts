/**
 * As for judge 1 (docs/decisions/031-judge-versions.md): where this is red, the change is a judge 3, and this one
 * stays.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { evidence, judgement, promotionPolicy } from '../../../contracts/schemas/index.js'
import type { Judgement } from '../../../contracts/types.js'
import { judge } from '../../../judge/index.js'
import type { Case } from '../golden/cases.js'

const file = new URL('../golden/judge-2.json', import.meta.url)
const golden = JSON.parse(readFileSync(file, 'utf8')) as (Case & { judgement: Judgement })[]

describe('judge 2', () => {
  it.each(golden.map((one) => [one.name, one] as const))('%s', (_name, { policy, evidence, deadline, judgement }) => {
    expect(JSON.stringify(judge(policy, evidence, deadline))).toBe(JSON.stringify(judgement))
  })

  it('is held by evidence and judgements of the published shape', () => {
    for (const one of golden) {
      expect(promotionPolicy.parse(one.policy)).toEqual(one.policy)
      expect(evidence.parse(one.evidence)).toEqual(one.evidence)
      expect(judgement.parse(one.judgement)).toEqual(one.judgement)
    }
    const reasons = new Set(golden.map(({ judgement: { reason } }) => reason))
    for (const reason of [
      'superior',
      'non_inferior',
      'harm',
      'days_disagree',
      'plan_exhausted',
      'coverage_below_floor',
      'segment_harm:night',
    ])
      expect(reasons).toContain(reason)
  })
})
