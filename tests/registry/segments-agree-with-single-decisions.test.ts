/** Sums of segments, against their definitions applied to single decisions. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DAY_MS } from '../../contracts/duration.js'
import { createRandom } from '../../judge/simulation/random.js'
import type { DecisionRow, OutcomeRow } from '../../registry/index.js'
import { clusterSum, days, evidenceFrom, type Row } from '../judge/v2/from-rows.js'
import { type TestRegistry, testRegistry } from './test-registry.js'

const HORIZON_DAYS = 2
const ALL = days(8)
const AS_OF = Date.parse(ALL[0] as string) + 8 * DAY_MS
const LAST_MATURE = ALL[8 - HORIZON_DAYS - 1] as string
const NAMES = ['a', 'b', 'empty']

let test: TestRegistry
beforeAll(async () => {
  test = await testRegistry()
})
afterAll(() => test?.stop())

interface Segmented extends Row {
  readonly segments: readonly string[] | undefined
}

/** Entities return daily and are moved to the canary by a ramp; segments overlap; some labels are missing. */
function drawRows(): Segmented[] {
  const random = createRandom(3)
  const entities = Array.from({ length: 40 }, (_, index) => ({ name: `e${index}`, bucket: random() }))
  const sets = [['a'], ['a', 'b'], ['b', 'other'], [], ['unknown'], undefined]
  return ALL.flatMap((day, index) =>
    entities.flatMap(({ name, bucket }) =>
      Array.from({ length: Math.floor(random() * 4) }, () => ({
        entity: name,
        day,
        arm: bucket < Math.min(0.5, 0.1 * index) ? ('canary' as const) : ('production' as const),
        loss: random() < 0.8 ? Math.round(random() * 1_000) / 1_000 : null,
        segments: sets[Math.floor(random() * sets.length)],
      })),
    ),
  )
}

async function store(project: string, rows: readonly Segmented[], order: 1 | -1) {
  const decisions = rows.map(
    ({ entity, day, arm, segments }, index): DecisionRow => ({
      decisionId: `d${index}`,
      arm,
      eventAt: Date.parse(day) + 1_000 * index,
      workflowId: 'w',
      releaseId: arm === 'canary' ? 'toy_v2' : 'toy_v1',
      entityHash: entity,
      output: {},
      action: 'warn',
      ...(segments ? { segments } : {}),
    }),
  )
  const outcomes = rows.flatMap(({ loss, day }, index): OutcomeRow[] =>
    loss === null
      ? []
      : [{ decisionId: `d${index}`, version: 1, label: loss, loss, observedAt: Date.parse(day) + 1_000 * index + 1 }],
  )
  await test.registry.evidence.recordDecisions(project, order === 1 ? decisions : decisions.reverse())
  await test.registry.evidence.recordOutcomes(project, order === 1 ? outcomes : outcomes.reverse())
}

const read = (project: string) =>
  test.registry.evidence.segmentDays({
    project,
    workflowId: 'w',
    releases: ['toy_v1', 'toy_v2'],
    asOf: AS_OF,
    labelHorizonMs: HORIZON_DAYS * DAY_MS,
    challenger: 'canary',
    reference: 'production',
    firstDay: ALL[0] as string,
    lastDay: ALL[7] as string,
    names: NAMES,
  })

it('segments agree with single decisions, in whatever order the rows were written', async () => {
  const rows = drawRows()
  await store('forward', rows, 1)
  await store('backward', rows, -1)
  const found = await read('forward')
  expect(await read('backward')).toEqual(found)
  expect(found.map(({ name }) => name)).toEqual(['a', 'b', 'unknown'])
  for (const { name, cohorts, byEntity } of found) {
    const own = rows.filter(
      ({ segments = ['unknown'], loss, day }) => segments.includes(name) && loss !== null && day <= LAST_MATURE,
    )
    const common = own.filter(
      ({ day }) => new Set(own.filter((row) => row.day === day).map(({ arm }) => arm)).size === 2,
    )
    const expected = evidenceFrom(common).cohorts.sort((x, y) => (`${x.day}${x.arm}` < `${y.day}${y.arm}` ? -1 : 1))
    expect(cohorts.map(({ day, arm, labelled }) => [day, arm, labelled])).toEqual(
      expected.map(({ day, arm, labelled }) => [day, arm, labelled]),
    )
    cohorts.forEach((cohort, index) => {
      for (const field of ['lossSum', 'lossSumSquares', 'clusterSquares'] as const)
        expect(cohort[field]).toBeCloseTo(expected[index]?.[field] ?? Number.NaN, 9)
    })
    expect(byEntity).toBeGreaterThan(0)
    expect(byEntity).toBeCloseTo(
      clusterSum(common, ({ loss }) => loss),
      9,
    )
  }
})
