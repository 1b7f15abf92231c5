/**
 * What judge 2 measures is where a person looks: in the lines of `release show` and `release watch`, and in the report.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { entryText, lookText, showText } from '../../../cli/views/release-view.js'
import { number } from '../../../console/html.js'
import { gatherReport } from '../../../console/report/report-data.js'
import { reportPage } from '../../../console/report/report-page.js'
import { bodiesOf, ofKind } from '../../../contracts/ledger/index.js'
import { type TestRegistry, testRegistry } from '../../registry/test-registry.js'
import { toyPolicy } from '../../toy-project/policy.js'
import { recordCanary } from './recorded-canary.js'

const UNBOUNDED = 'release/toy/unbounded'
const EARLIER = 'release/toy/judged-by-1'

let test: TestRegistry
beforeAll(async () => {
  test = await testRegistry()
  const { registry } = test
  const policy = { ...toyPolicy, steps: [1_000, 5_000].map((weight) => ({ weight, atLeast: '1d' })) }
  await recordCanary(registry, UNBOUNDED, { policy: { ...policy, schema: 'slipway.policy/2' }, days: 6, canary: 0.2 })
  await recordCanary(registry, EARLIER, { policy: { ...policy, steps: policy.steps.slice(1) }, days: 6, canary: 0.2 })
})
afterAll(() => test?.stop())

const lookOf = async (id: string) => {
  const run = await test.registry.runs.get(id)
  const [entry] = run.entries.filter(ofKind('judgement')).slice(-1)
  if (!entry) throw new Error(`${id} has no look`)
  return { run, entry, numbers: entry.body.judgement.numbers }
}
const reportOf = async (id: string) => reportPage({ ...(await gatherReport(test.registry, id)), project: null })

it('`release show` and `release watch` print it for every look', async () => {
  const { run, entry, numbers } = await lookOf(UNBOUNDED)
  expect(lookText(entry.body)).toContain(`design effect ${numbers.designEffect?.toFixed(2)}`)
  expect(lookText(entry.body)).toMatch(/days fixed: Q [\d.]+, p [\d.]+, τ² [\d.]+, constant -?[\d.]+ →/)
  expect(entryText(entry)).toBe(lookText(entry.body))
  for (const look of bodiesOf(run.entries, 'judgement')) expect(showText(run)).toContain(lookText(look))
})

it('the report has a column for each, and says what it means', async () => {
  const { numbers } = await lookOf(UNBOUNDED)
  const { designEffect, balanced, acrossDays } = numbers
  const page = await reportOf(UNBOUNDED)
  for (const head of ['design effect', 'balanced days: interval', 'days: Q, p, τ²']) expect(page).toContain(`>${head}<`)
  const days = [acrossDays?.q, acrossDays?.p, acrossDays?.tau2].map(number).join(', ')
  const cells = [
    number(designEffect),
    `${balanced?.days}: [${balanced?.interval?.map(number).join(', ')}]`,
    `fixed: ${days}; constant ${number(acrossDays?.constant)}`,
  ]
  for (const cell of cells) expect(page).toContain(`>${cell}</td>`)
  expect(page).toContain('disagree by more than chance')
})

it('the report warns of unbounded losses in a small step, beside the verdict', async () => {
  const page = await reportOf(UNBOUNDED)
  const warning = 'losses are unbounded, so days at 10 % of the traffic do not count for a promotion'
  expect(page.indexOf(warning)).toBeGreaterThan(0)
  expect(page.indexOf(warning)).toBeLessThan(page.indexOf('The judge’s looks'))
})

it('the report of a run that judge 1 judged is as before', async () => {
  const page = await reportOf(EARLIER)
  expect(page).toContain('The judge’s looks')
  expect(page).not.toMatch(/design effect|balanced|τ²|losses are unbounded/)
})
