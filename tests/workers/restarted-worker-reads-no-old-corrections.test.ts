/** A worker that starts continues where the workers before it were: it opens no run whose corrections are recorded. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DAY_MS } from '../../contracts/duration.js'
import type { Registry } from '../../registry/index.js'
import { recordNewCorrections } from '../../workers/housekeeping.js'
import { changeWithoutTriggers, type TestRegistry, testRegistry } from '../registry/test-registry.js'
import { recordCanary, recordVerdict } from '../releases/judgements/recorded-canary.js'
import { toyPolicy } from '../toy-project/policy.js'

const DAY = '2001-01-20'
const AFTER = Date.parse('2001-02-15T00:00:00Z')
let test: TestRegistry
beforeAll(async () => {
  test = await testRegistry()
})
afterAll(() => test?.stop())

const canary = (run: string) =>
  recordCanary(test.registry, run, {
    policy: { ...toyPolicy, steps: [{ weight: 5_000, atLeast: '1d' }] },
    days: 6,
    canary: 0.2,
  })
const correct = (run: string, from: number) =>
  test.registry.evidence.recordOutcomes(
    'toy',
    Array.from({ length: 20 }, (_, index) => ({
      decisionId: `${run}:${DAY}:${from + index}`,
      version: 2,
      label: 5,
      loss: 5,
      observedAt: AFTER - DAY_MS,
    })),
  )
const recorded = async (run: string) =>
  (await test.registry.ledger.entries('toy', { kind: 'label_correction', subject: run })).length
/** What is known of corrections, and the cursor, become this much older. */
async function later(ms: number): Promise<void> {
  const earlier = `- interval '${ms} milliseconds'`
  await changeWithoutTriggers(test.owner, `update outcomes set written_at = written_at ${earlier} where version > 1`)
  await test.owner.query(`update housekeeping_cursors set through = through ${earlier}`)
  await changeWithoutTriggers(test.owner, `update runs set newest_at = newest_at ${earlier}`)
}

/** A pass as the first one of another process. @returns the runs it opened */
async function firstPass(failing: Partial<Registry['labels']> = {}): Promise<string[]> {
  const opened: string[] = []
  const { runs, labels } = test.registry
  const get: typeof runs.get = (id) => {
    opened.push(id)
    return runs.get(id)
  }
  const registry = { ...test.registry, runs: { ...runs, get }, labels: { ...labels, ...failing } }
  await recordNewCorrections({ registry, now: () => AFTER })
  return opened
}

it('the first worker of an installation records all, and one that starts two days later opens none of them', async () => {
  const run = 'release/toy/long-ago'
  await canary(run)
  await correct(run, 0)
  await recordVerdict(test.registry, run, 'promoted', 'non_inferior')
  expect(await firstPass()).toEqual([run])
  expect(await recorded(run)).toBe(1)
  await later(2 * DAY_MS)
  // After a stop of all workers the day before it counts once more.
  await firstPass()
  expect(await firstPass()).toEqual([])
  // It is the pass before that counts: a correction since then is found.
  await correct(run, 100)
  expect(await firstPass()).toEqual([run])
  expect(await recorded(run)).toBe(2)
})

it('a correction long before a verdict that no look preceded is recorded when the verdict comes', async () => {
  const run = 'release/toy/ended-late'
  await canary(run)
  await correct(run, 0)
  expect(await firstPass()).not.toContain(run)
  await later(2 * DAY_MS)
  await firstPass()
  await recordVerdict(test.registry, run, 'aborted', 'operator_abort')
  expect(await firstPass()).toContain(run)
  expect(await recorded(run)).toBe(1)
})

it('a pass that fails is repeated from where it began, and a run with a damaged record delays no other', async () => {
  const [damaged, intact] = ['release/toy/damaged', 'release/toy/intact']
  for (const run of [damaged, intact]) {
    await canary(run)
    await correct(run, 0)
    await recordVerdict(test.registry, run, 'promoted', 'non_inferior')
  }
  const away = () => Promise.reject(new Error('connection lost'))
  await expect(firstPass({ corrections: away })).rejects.toThrow('connection lost')
  await changeWithoutTriggers(
    test.owner,
    `update chain_entries set body = regexp_replace(body, '"evidence":"sha256:....', '"evidence":"sha256:0000')
    where subject = $1 and kind = 'judgement'`,
    [damaged],
  )
  await firstPass()
  expect([await recorded(damaged), await recorded(intact)]).toEqual([0, 1])
})
