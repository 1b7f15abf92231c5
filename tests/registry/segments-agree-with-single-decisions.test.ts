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

const BOUND = { lowest: 0, highest: 1, beyond: 'refuse' } as const

const read = (project: string, bounded = true) =>
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
    ...(bounded ? { lossBound: BOUND } : {}),
  })

const isBalanced = (own: readonly Row[]): boolean => {
  const one = own.filter(({ arm }) => arm === 'canary').length
  return one <= 4 * (own.length - one) && own.length - one <= 4 * one
}

function expectedOf(rows: readonly Segmented[], name: string, bounded: boolean) {
  const own = rows.filter(
    ({ segments = ['unknown'], loss, day }) => segments.includes(name) && loss !== null && day <= LAST_MATURE,
  )
  const used = own.filter(({ day }) => {
    const ofDay = own.filter((row) => row.day === day)
    return new Set(ofDay.map(({ arm }) => arm)).size === 2 && (bounded || isBalanced(ofDay))
  })
  const cohorts = evidenceFrom(used).cohorts.sort((x, y) => (`${x.day}${x.arm}` < `${y.day}${y.arm}` ? -1 : 1))
  return { cohorts, byEntity: clusterSum(used, ({ loss }) => loss) }
}

it('segments agree with single decisions, in whatever order the rows were written', async () => {
  const rows = drawRows()
  await store('forward', rows, 1)
  await store('backward', rows, -1)
  for (const bounded of [true, false]) {
    const found = await read('forward', bounded)
    expect(await read('backward', bounded)).toEqual(found)
    expect(found.map(({ name }) => name)).toEqual(['a', 'b', 'unknown'])
    for (const { name, cohorts, byEntity } of found) {
      const expected = expectedOf(rows, name, bounded)
      const counts = ({ day, arm, labelled }: (typeof cohorts)[number] | (typeof expected.cohorts)[number]) => [
        day,
        arm,
        labelled,
      ]
      expect(cohorts.map(counts)).toEqual(expected.cohorts.map(counts))
      cohorts.forEach((cohort, index) => {
        for (const field of ['lossSum', 'lossSumSquares', 'clusterSquares'] as const)
          expect(cohort[field]).toBeCloseTo(expected.cohorts[index]?.[field] ?? Number.NaN, 9)
      })
      expect(byEntity).toBeGreaterThan(0)
      expect(byEntity).toBeCloseTo(expected.byEntity, 9)
    }
  }
  const days = (found: Awaited<ReturnType<typeof read>>) => found.map(({ cohorts }) => cohorts.length)
  expect(days(await read('forward', false))).not.toEqual(days(await read('forward')))
})
