import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DAY_MS } from '../../../contracts/duration.js'
import type { Judgement } from '../../../contracts/types.js'
import type { OutcomeRow } from '../../../registry/index.js'
import { recordCorrections } from '../../../releases/label-corrections.js'
import { type TestRegistry, testRegistry } from '../../registry/test-registry.js'
import { slipway } from '../../support/slipway.js'
import { toyPolicy } from '../../toy-project/policy.js'
import { recordCanary, recordVerdict } from './recorded-canary.js'

const RUN = 'release/toy/corrected'
const AFTER = Date.parse('2001-02-15T00:00:00Z')
let test: TestRegistry
let last: Judgement | undefined

beforeAll(async () => {
  test = await testRegistry()
  const policy = { ...toyPolicy, steps: [{ weight: 5_000, atLeast: '1d' }] }
  last = (await recordCanary(test.registry, RUN, { policy, days: 10, canary: 0.2 })).at(-1)
})
afterAll(() => test?.stop())

/** A new version of the label of a day's first decisions, both arms. */
const correct = (day: string, count: number, loss: number, version: number, observedAt: number): OutcomeRow[] =>
  Array.from({ length: count }, (_, index) => ({
    decisionId: `${RUN}:${day}:${index}`,
    version,
    label: loss,
    loss,
    observedAt,
  }))
const corrections = async (now = AFTER) => recordCorrections(test.registry, await test.registry.runs.get(RUN), now)
const recorded = async () => test.registry.ledger.entries('toy', { kind: 'label_correction' })
const verdicts = async () =>
  (await test.registry.ledger.entries('toy', { kind: 'verdict', subject: RUN })).map(({ hash }) => hash)

describe('a label corrected after the verdict', () => {
  it('is part of the next look, while there is no verdict', async () => {
    await expect(corrections()).rejects.toMatchObject({
      type: 'BadRequest',
      message: expect.stringContaining('no verdict yet') as string,
    })
    expect(last).toMatchObject({ action: 'promote' })
    await recordVerdict(test.registry, RUN, 'promoted', 'non_inferior')
  })

  it('is not reported if nothing was corrected, if only an open day was, or if it is not known yet', async () => {
    expect(await corrections()).toEqual([])
    // The last exposed day was open at the last look; the look never used its labels.
    await test.registry.evidence.recordOutcomes('toy', correct('2001-01-29', 10, 1, 2, AFTER - DAY_MS))
    expect(await corrections()).toEqual([])
    await test.registry.evidence.recordOutcomes('toy', correct('2001-01-20', 10, 1, 2, AFTER + DAY_MS))
    expect(await corrections()).toEqual([])
    expect(await recorded()).toEqual([])
  })

  it('is recorded once, with the judgement it would have given; the verdict does not change', async () => {
    const before = await verdicts()
    const observed = AFTER - DAY_MS
    const rows = ['2001-01-20', '2001-01-21', '2001-01-22', '2001-01-23', '2001-01-24'].flatMap((day) =>
      correct(day, 600, 1, 3, observed),
    )
    const canary = await test.owner.query(
      `select decision_id from decisions where workflow_id = $1 and arm = 'canary'`,
      [RUN],
    )
    const inCanary = new Set(canary.rows.map((row: { decision_id: string }) => row.decision_id))
    const worse = rows.filter(({ decisionId }) => inCanary.has(decisionId))
    await test.registry.evidence.recordOutcomes('toy', worse)

    const [found, ...more] = await corrections()
    expect(more).toEqual([])
    expect(found).toMatchObject({
      phase: 'canary',
      asOf: last?.numbers.asOf,
      arms: [{ arm: 'canary', corrected: worse.length, through: new Date(observed).toISOString() }],
      said: { action: 'promote', reason: 'non_inferior' },
      wouldSay: { action: 'rollback', reason: 'harm' },
    })
    await corrections()
    expect((await recorded()).map(({ body }) => body)).toEqual([JSON.parse(JSON.stringify(found))])
    expect(await verdicts()).toEqual(before)
    expect(await test.registry.runs.get(RUN)).toMatchObject({
      verdict: 'promoted',
      reason: 'non_inferior',
      stage: 'done',
    })
    expect((await test.registry.ledger.verify()).problems).toEqual([])
  })

  it('is shown next to the verdict', async () => {
    const environment = { SLIPWAY_DATABASE_URL: test.url, SLIPWAY_HOME: mkdtempSync(join(tmpdir(), 'slipway-home-')) }
    const shown = await slipway(['release', 'show', RUN], environment)
    expect(shown.stdout).toMatch(
      /labels corrected after the verdict: \d+ of canary; .* would now decide rollback \(harm\).*the verdict stands/,
    )
    // By the command's own clock the later correction of 20 January is known too: another entry.
    const looked = await slipway(['judge', 'corrections', RUN, '--json'], environment)
    expect(looked).toMatchObject({ code: 0 })
    expect(JSON.parse(looked.stdout)).toMatchObject([{ arms: [{ arm: 'canary' }, { arm: 'production' }] }])
    expect(await recorded()).toHaveLength(2)
  })
})
