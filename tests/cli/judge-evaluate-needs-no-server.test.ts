/** The pure judge from outside: two files in, one judgement out, for other systems and for checks. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { Evidence, Judgement, PromotionPolicy } from '../../contracts/types.js'
import { judge } from '../../judge/index.js'
import { days, evidenceFrom, NEVER, POLICY, steadyRows } from '../judge/v2/from-rows.js'
import { slipway } from '../support/slipway.js'

const folder = mkdtempSync(join(tmpdir(), 'slipway-evaluate-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** An address that refuses connections: a command that needs a server would fail. */
const NO_SERVER = {
  SLIPWAY_HOME: join(folder, 'home'),
  TEMPORAL_ADDRESS: '127.0.0.1:1',
  SLIPWAY_DATABASE_URL: 'postgres://127.0.0.1:1/none',
}

function evaluate(policy: unknown, evidence: unknown, ...more: string[]) {
  const files = [policy, evidence].map((content, index) => {
    const file = join(folder, `${index}-${Math.random()}.json`)
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
    return file
  })
  const [policyFile = '', evidenceFile = ''] = files
  return slipway(['judge', 'evaluate', '--policy', policyFile, '--evidence', evidenceFile, ...more], NO_SERVER)
}

interface Golden {
  readonly policy: PromotionPolicy
  readonly evidence: Evidence
  readonly deadline: string
  readonly judgement: Judgement
}
const golden = JSON.parse(readFileSync(new URL('../judge/golden/judge-1.json', import.meta.url), 'utf8')) as Golden[]
const given = evidenceFrom(steadyRows(days(2), 60, { canary: 4, production: 4 }))

it('prints the judgement of either version of the judge', async () => {
  const [old] = golden as [Golden]
  const [one, two] = await Promise.all([
    evaluate(old.policy, old.evidence, '--deadline', old.deadline, '--json'),
    evaluate(POLICY, given),
  ])
  expect(one).toMatchObject({ code: 0, stdout: `${JSON.stringify(old.judgement)}\n` })
  expect(JSON.parse(two.stdout)).toEqual(judge(POLICY, given, NEVER))
})

it('is late only from the given deadline on', async () => {
  const [open, late] = await Promise.all([
    evaluate(POLICY, given, '--deadline', '2026-02-02T00:00:00Z'),
    evaluate(POLICY, given, '--deadline', '2026-02-01'),
  ])
  expect(JSON.parse(open.stdout)).toMatchObject({ action: 'continue', reason: 'inconclusive' })
  expect(JSON.parse(late.stdout)).toMatchObject({ action: 'hold', reason: 'deadline:inconclusive' })
})

it('refuses files that are invalid and names what is wrong', async () => {
  const [cohort, ...rest] = given.cohorts
  const changed = (over: object) => ({ ...given, cohorts: [{ ...cohort, ...over }, ...rest] })
  const cases: [unknown, unknown, RegExp][] = [
    [POLICY, '{"cohorts": NaN}', /evidence file .* is not JSON/],
    [
      POLICY,
      JSON.stringify(given, null, 1).replace('"exposed": 60,', '"exposed": 60,\n"exposed": 61,'),
      /evidence file .*, line \d+: "exposed" is given twice in one object/,
    ],
    [POLICY, { ...given, cohorts: Array(5_000).fill({}) }, /cohorts.1.arm is missing: .*; and \d+ more problems/],
    [POLICY, changed({ exposed: 1.5 }), /cohorts.0.exposed is 1.5/],
    [POLICY, changed({ entities: 61 }), /entities is 61 of 60 exposed/],
    [POLICY, { ...given, schema: 'slipway.evidence/3' }, /evidence .*schema is "slipway.evidence\/3".*later build/],
    [{ ...POLICY, schema: 'slipway.policy/9' }, given, /schema is "slipway.policy\/9".*later build/],
  ]
  const results = await Promise.all(cases.map(([policy, evidence]) => evaluate(policy, evidence)))
  cases.forEach(([, , message], index) => {
    expect(results[index]?.code).toBe(2)
    expect(results[index]?.stderr).toMatch(message)
    expect(results[index]?.stdout).toBe('')
  })
})
