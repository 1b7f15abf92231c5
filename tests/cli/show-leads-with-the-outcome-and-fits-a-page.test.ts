/** `slipway release show` begins with what a person wants to know; tables and looks do not bury it. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fitted, WIDEST } from '../../cli/runtime/fit-table.js'
import { table } from '../../cli/runtime/output.js'
import { chosenLooks } from '../../cli/views/look-summary.js'
import { type TestRegistry, testRegistry } from '../registry/test-registry.js'
import { recordCanary } from '../releases/judgements/recorded-canary.js'
import { slipway } from '../support/slipway.js'
import { toyPolicy } from '../toy-project/policy.js'

const RUN = 'release/toy/weeks'
const DAYS = 14
const undecided = { ...toyPolicy, deadline: '40d', judge: { ...toyPolicy.judge, minMature: 1_000_000 } }

let test: TestRegistry
let home: string
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'slipway-show-'))
  test = await testRegistry()
  await recordCanary(test.registry, RUN, { policy: undecided, days: DAYS, canary: 0.3 })
})
afterAll(async () => {
  rmSync(home, { recursive: true, force: true })
  await test?.stop()
})

const run = async (...args: string[]) => {
  const environment = {
    SLIPWAY_HOME: home,
    SLIPWAY_DATABASE_URL: test.url,
    SLIPWAY_ARTIFACTS: test.artifactsFolder,
    // Nothing answers there: the record is in the database.
    TEMPORAL_ADDRESS: '127.0.0.1:1',
  }
  const { code, stdout, stderr } = await slipway(args, environment)
  expect(code, stderr).toBe(0)
  return stdout
}
const looksIn = (text: string) => text.split('\n').filter((line) => / canary: /.test(line)).length

it('the first line says what became of it, the second the number; the looks are summarised, and all with --all', async () => {
  const open = await run('release', 'show', RUN)
  expect(open.split('\n')[0]).toMatch(/^\S.* has no verdict yet, in progress: canary\.$/)
  expect(open.split('\n')[1]).toMatch(
    /^Loss per decision, canary minus production: -?0\.\d{4}.*mature decisions as of 2001/,
  )
  const all = await run('release', 'show', RUN, '--all')
  expect(looksIn(all)).toBe(DAYS)
  expect(looksIn(open)).toBeLessThan(DAYS)
  expect(open).toContain(`${DAYS - looksIn(open)} more looks; to see all of them: slipway release show ${RUN} --all`)
  await test.registry.ledger.append({
    project: 'toy',
    kind: 'verdict',
    subject: RUN,
    key: `${RUN}:verdict`,
    body: {
      schema: 'slipway.verdict/1',
      project: 'toy',
      workflowId: RUN,
      releaseId: null,
      verdict: 'held',
      reason: 'hold:deadline',
      detail: 'over',
    },
  })
  expect(await run('release', 'show', RUN)).toMatch(
    /^the candidate of toy was held: production was not touched \(hold:/,
  )
})

it('a look that is not "continue", and the last look of each phase, are always among those that are shown', () => {
  const look = (phase: 'canary' | 'probation', action: 'continue' | 'pause') => ({ phase, judgement: { action } })
  const looks = [
    ...Array.from({ length: 20 }, (_, at) => look('canary', at === 7 ? 'pause' : 'continue')),
    ...Array.from({ length: 20 }, () => look('probation', 'continue')),
  ]
  const { shown, left } = chosenLooks(looks, false)
  expect(shown).toEqual([looks[7], looks[19], looks[39]])
  expect(left).toBe(37)
  expect(chosenLooks(looks, true)).toEqual({ shown: looks, left: 0 })
  expect(chosenLooks(looks.slice(0, 5), false).left).toBe(0)
})

it('a table is at most 100 columns wide, breaks text between words, and loses no character', () => {
  const reason = 'the nightly load is in and a person has to look at the numbers of the hubs in the north'
  const id = `release/toy/${'x'.repeat(60)}`
  const rows = [
    [id, 'toy_v2', '2001-01-20T00:00:00.000Z', 'held', `${reason} ${reason}`],
    ['release/toy/b', '–', '2001-01-20T00:00:00.000Z', 'in progress: canary', ''],
  ]
  const drawn = table(['release run', 'candidate', 'started', 'verdict', 'reason'], rows)
  for (const line of drawn.split('\n')) expect(Array.from(line).length).toBeLessThanOrEqual(WIDEST)
  const cells = fitted(rows)
  expect(cells[0]?.[4]?.replaceAll('\n', ' ')).toBe(`${reason} ${reason}`)
  expect(cells[0]?.[0]?.replaceAll('\n', '')).toBe(id)
  expect(fitted([['a', 'b c']])).toEqual([['a', 'b c']])
})

it('a report is written below SLIPWAY_HOME unless a path is given', async () => {
  const { file } = JSON.parse(await run('report', RUN, '--json')) as { file: string }
  expect(file).toBe(join(home, 'reports', 'release-toy-weeks.html'))
  expect(existsSync(file)).toBe(true)
  const named = join(home, 'mine.html')
  expect(JSON.parse(await run('report', RUN, '--out', named, '--json'))).toMatchObject({ file: named })
})
