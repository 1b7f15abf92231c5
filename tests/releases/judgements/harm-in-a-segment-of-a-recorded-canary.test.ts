/** Segments from the stored decisions to the recorded look, in a real registry. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { showText } from '../../../cli/views/release-view.js'
import { segmentsBlock } from '../../../console/report/sections/segments-block.js'
import { bodiesOf, type RecordedLook } from '../../../contracts/ledger/index.js'
import { ENTRY_SCHEMAS } from '../../../contracts/ledger/schemas.js'
import type { PromotionPolicy, SegmentsPolicy } from '../../../contracts/types.js'
import { judgeAgain, replayWith } from '../../../releases/judge-replay.js'
import { recordCorrections } from '../../../releases/label-corrections.js'
import { type TestRegistry, testRegistry } from '../../registry/test-registry.js'
import { toyPolicy } from '../../toy-project/policy.js'
import { recordCanary, recordVerdict } from './recorded-canary.js'

const RUN = 'release/toy/segments'
const named = (of: SegmentsPolicy['of'], more: Partial<SegmentsPolicy> = {}): PromotionPolicy => ({
  ...toyPolicy,
  schema: 'slipway.policy/2',
  deadline: '100d',
  judge: { ...toyPolicy.judge, minMature: 100, lossBound: { lowest: 0, highest: 1, beyond: 'refuse' } },
  steps: [{ weight: 5_000, atLeast: '1d' }],
  segments: { onHarm: 'rollback', of, ...more },
})
const policy = named([{ name: 'night' }, { name: 'day' }, { name: 'never' }])

let test: TestRegistry
const looksOf = async (run: string): Promise<RecordedLook[]> =>
  bodiesOf((await test.registry.runs.get(run)).entries, 'judgement')

beforeAll(async () => {
  test = await testRegistry()
  // A fifth of the decisions is at night, and a fiftieth of the others has no known segment.
  const segmentsOf = (index: number) => (index % 5 === 0 ? ['night'] : index % 50 === 1 ? ['unknown'] : ['day'])
  await recordCanary(test.registry, RUN, { policy, days: 8, canary: 0.1, segmentsOf, canaryIn: { night: 0.7 } })
})
afterAll(() => test?.stop())

describe('a canary that is better, and harmful at night', () => {
  it('is rolled back by the name of the segment', async () => {
    const last = (await looksOf(RUN)).at(-1)
    expect(last?.judgement).toMatchObject({ action: 'rollback', reason: 'segment_harm:night' })
    expect(last?.judgement.numbers.effect).toBeLessThan(0)
    const shown = last?.judgement.numbers.segments ?? []
    expect(shown.map(({ name, harmful }) => [name, harmful])).toEqual([
      ['night', true],
      ['day', false],
      ['never', false],
      ['unknown', false],
    ])
    const decisions = shown.map(({ challenger, reference }) => challenger + reference)
    // Seven mature days of 600 decisions; a day of few may have one arm alone.
    expect(decisions[0]).toBe(7 * 120)
    expect(decisions[2]).toBe(0)
    expect(decisions[3]).toBeGreaterThan(60)
    expect(decisions.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(7 * 600)
  })

  it('has looks that hold the published schema and give the same judgement again', async () => {
    for (const look of await looksOf(RUN)) expect(ENTRY_SCHEMAS.judgement.parse(look)).toEqual(look)
    expect(judgeAgain(await test.registry.runs.get(RUN)).differing).toEqual([])
  })

  it('is shown with its segments in the report and by release show', async () => {
    const run = await test.registry.runs.get(RUN)
    expect(showText(run)).toMatch(/segment night: \d+ \+ \d+ mature, effect 0\.\d+ \[0\.\d+, 0\.\d+\] HARM/)
    expect(showText(run)).toMatch(/segment unknown: \d+ \+ \d+ mature/)
    const { text } = segmentsBlock(await looksOf(RUN))
    expect(text).toContain('night')
    expect(text).toContain('<span class="bad">harm</span>')
  })
})

describe('another policy on recorded evidence', () => {
  const replayed = async (other: PromotionPolicy) => replayWith(await test.registry.runs.get(RUN), other)

  it('may use fewer of its segments', async () => {
    expect((await replayed(named([{ name: 'day' }]))).wouldHave).toBe('promoted')
    expect((await replayed(named([{ name: 'night' }], { onHarm: 'hold' }))).wouldHave).toBe('held')
  })

  it('is refused by the name of a segment that was not measured, or that was defined otherwise', async () => {
    await expect(replayed(named([{ name: 'day' }, { name: 'dawn' }]))).rejects.toThrow(
      /segment dawn was not measured: the evidence has the segments night, day, never/,
    )
    const elsewhere = named([{ name: 'night', where: [{ field: 'hour', below: 6 }] }])
    await expect(replayed(elsewhere)).rejects.toThrow(/segment night was gathered with another "where"/)
  })

  it('is refused where the run had no segments', async () => {
    const without = 'release/toy/no-segments'
    const { segments: _segments, ...rest } = policy
    await recordCanary(test.registry, without, { policy: rest, days: 3, canary: 0.2 })
    const run = await test.registry.runs.get(without)
    expect(bodiesOf(run.entries, 'judgement').at(-1)).not.toHaveProperty('segments')
    expect(() => replayWith(run, policy)).toThrow(/segment night was not measured: the evidence has no segments/)
  })
})

it('the size of a recorded look with 20 segments does not grow with the days', async () => {
  const names = Array.from({ length: 20 }, (_, index) => `segment ${index}`)
  const all = named(names.map((name) => ({ name })))
  const size = (look: RecordedLook | undefined) =>
    JSON.stringify([look?.segments, look?.judgement.numbers.segments]).length
  await recordCanary(test.registry, 'release/toy/twenty', {
    policy: all,
    days: 12,
    canary: 0.3,
    segmentsOf: (index) => [names[index % 20] as string],
  })
  const looks = await looksOf('release/toy/twenty')
  expect(looks.at(-1)?.segments).toHaveLength(20)
  expect(size(looks.at(-1))).toBeLessThan(12_000)
  expect(size(looks.at(-1)) / size(looks[4])).toBeLessThan(1.1)
})

it('a decision that an earlier build recorded, without segments, is unknown', async () => {
  const run = 'release/toy/earlier-build'
  await recordCanary(test.registry, run, { policy, days: 4, canary: 0.3 })
  const last = (await looksOf(run)).at(-1)
  expect(last?.judgement.numbers.segments?.map(({ name, challenger }) => [name, challenger > 0])).toEqual([
    ['night', false],
    ['day', false],
    ['never', false],
    ['unknown', true],
  ])
})

it('labels corrected afterwards change the segments too', async () => {
  await recordVerdict(test.registry, RUN, 'rolled_back', 'segment_harm:night')
  const night = Array.from({ length: 7 }, (_, day) =>
    Array.from({ length: 120 }, (__, index) => `${RUN}:2001-01-${20 + day}:${5 * index}`),
  ).flat()
  const observedAt = Date.parse('2001-02-10T00:00:00Z')
  const corrected = night.map((decisionId) => ({ decisionId, version: 2, label: 0, loss: 0, observedAt }))
  await test.registry.evidence.recordOutcomes('toy', corrected)
  const run = await test.registry.runs.get(RUN)
  const [found] = await recordCorrections(test.registry, run, Date.parse('2001-02-15T00:00:00Z'))
  expect(found?.said.reason).toBe('segment_harm:night')
  expect(found?.wouldSay).toMatchObject({ action: 'promote' })
})
