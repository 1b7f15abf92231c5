/** The record of a look holds the sums by entity, so that the judgement can be repeated from it alone. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bodiesOf } from '../../../contracts/ledger/index.js'
import { ENTRY_SCHEMAS } from '../../../contracts/ledger/schemas.js'
import { judgeAgain } from '../../../releases/judge-replay.js'
import { recordCorrections } from '../../../releases/label-corrections.js'
import { type TestRegistry, testRegistry } from '../../registry/test-registry.js'
import { toyPolicy } from '../../toy-project/policy.js'
import { recordCanary, recordVerdict } from './recorded-canary.js'

const RUN = 'release/toy/judged-by-2'
let test: TestRegistry
beforeAll(async () => {
  test = await testRegistry()
  const policy = { ...toyPolicy, schema: 'slipway.policy/2' as const, steps: [{ weight: 5_000, atLeast: '1d' }] }
  await recordCanary(test.registry, RUN, { policy, days: 8, canary: 0.2 })
})
afterAll(() => test?.stop())

it('every look has evidence of version 2 and gives the recorded judgement again', async () => {
  const run = await test.registry.runs.get(RUN)
  const looks = bodiesOf(run.entries, 'judgement')
  expect(looks).toHaveLength(8)
  for (const look of looks) {
    expect(ENTRY_SCHEMAS.judgement.parse(look)).toEqual(look)
    expect(look.judgement.schema).toBe('slipway.judgement/2')
    expect(look.clusters?.effect).toBeGreaterThanOrEqual(0)
  }
  // The canary’s entities are drawn for each day again: they return, and are in both arms.
  const last = looks.at(-1)
  expect(last?.cohorts.at(-1)?.newEntities).toBeLessThan(last?.cohorts.at(-1)?.entities ?? 0)
  expect(judgeAgain(run).differing).toEqual([])
})

it('a label corrected afterwards changes the sums by entity too', async () => {
  await recordVerdict(test.registry, RUN, 'promoted', 'non_inferior')
  const decisions = Array.from({ length: 300 }, (_, index) => `${RUN}:2001-01-21:${index}`)
  const observedAt = Date.parse('2001-02-10T00:00:00Z')
  await test.registry.evidence.recordOutcomes(
    'toy',
    decisions.map((decisionId) => ({ decisionId, version: 2, label: 1, loss: 1, observedAt })),
  )
  const run = await test.registry.runs.get(RUN)
  const [found] = await recordCorrections(test.registry, run, Date.parse('2001-02-15T00:00:00Z'))
  const before = bodiesOf(run.entries, 'judgement').at(-1)?.judgement.numbers
  expect(found?.wouldSay.numbers.designEffect).toBeGreaterThanOrEqual(1)
  expect(found?.wouldSay.numbers.effect).not.toBe(before?.effect)
  expect(found?.wouldSay.numbers.standardError).not.toBe(before?.standardError)
})
