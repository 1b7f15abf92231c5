/** What `slipway.evidence/2` adds, against the definitions of its schema applied to single decisions. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DAY_MS } from '../../contracts/duration.js'
import { createRandom } from '../../judge/simulation/random.js'
import type { DecisionRow, EntitySums, OutcomeRow } from '../../registry/index.js'
import { days, evidenceFrom, type Row } from '../judge/v2/from-rows.js'
import { type TestRegistry, testRegistry } from './test-registry.js'

const HORIZON_DAYS = 2
let test: TestRegistry
beforeAll(async () => {
  test = await testRegistry()
})
afterAll(() => test?.stop())

const ALL = days(8)
const AS_OF = Date.parse(ALL[0] as string) + 8 * DAY_MS
const LAST_MATURE = ALL[8 - HORIZON_DAYS - 1] as string

/** Forty entities of which some return daily, moved to the canary by a ramp; some labels are missing. */
function drawRows(seed: number): Row[] {
  const random = createRandom(seed)
  const entities = Array.from({ length: 40 }, (_, index) => ({ name: `e${index}`, bucket: random(), often: random() }))
  return ALL.flatMap((day, index) =>
    entities.flatMap(({ name, bucket, often }): Row[] =>
      Array.from(
        { length: Math.floor(random() * 4 * often) },
        (): Omit<Row, 'expected'> & { expected: number | null } => ({
          entity: name,
          day,
          // Nothing in the canary on the first day, and one arm more than four times the other on the second.
          arm: bucket < ([0, 0.08, 0.2, 0.5][Math.min(3, index)] ?? 0) ? 'canary' : 'production',
          loss: random() < 0.8 ? Math.round(random() * 1_000) / 1_000 : null,
          expected: random() < 0.7 ? Math.round(random() * 1_000) / 1_000 : null,
        }),
      ).map(({ expected, ...row }): Row => (expected === null ? row : { ...row, expected })),
    ),
  )
}

async function store(project: string, rows: readonly Row[], reversed = false) {
  const decisions = rows.map(
    ({ entity, day, arm, expected }, index): DecisionRow => ({
      decisionId: `d${index}`,
      arm,
      eventAt: Date.parse(day) + 1_000 * index,
      workflowId: 'w',
      releaseId: arm === 'canary' ? 'toy_v2' : 'toy_v1',
      entityHash: entity,
      output: {},
      action: 'warn',
      expectedLoss: expected ?? null,
    }),
  )
  const outcomes = rows.flatMap(({ loss, day }, index): OutcomeRow[] =>
    loss === null
      ? []
      : [{ decisionId: `d${index}`, version: 1, label: loss, loss, observedAt: Date.parse(day) + 1_000 * index + 1 }],
  )
  const inOrder = <Item>(items: Item[]) => (reversed ? items.reverse() : items)
  await test.registry.evidence.recordDecisions(project, inOrder(decisions))
  await test.registry.evidence.recordOutcomes(project, inOrder(outcomes))
}

const read = (project: string) =>
  test.registry.evidence.entitySums({
    project,
    workflowId: 'w',
    releases: ['toy_v1', 'toy_v2'],
    asOf: AS_OF,
    labelHorizonMs: HORIZON_DAYS * DAY_MS,
    challenger: 'canary',
    reference: 'production',
    firstDay: ALL[0] as string,
    lastDay: ALL[7] as string,
  })

function byHand(rows: readonly Row[]): EntitySums {
  const { cohorts, clusters } = evidenceFrom(rows, LAST_MATURE)
  const sums = cohorts.map(({ day, arm, entities = 0, newEntities = 0, clusterSquares = 0 }) => ({
    day,
    arm,
    entities,
    newEntities,
    clusterSquares,
  }))
  if (!clusters) throw new Error('no sums by entity')
  return { cohorts: sums.sort((a, b) => (`${a.day}${a.arm}` < `${b.day}${b.arm}` ? -1 : 1)), clusters }
}

function expectClose(found: EntitySums, expected: EntitySums) {
  const counts = ({ cohorts }: EntitySums) => cohorts.map(({ clusterSquares: _squares, ...rest }) => rest)
  expect(counts(found)).toEqual(counts(expected))
  found.cohorts.forEach(({ clusterSquares }, index) => {
    expect(clusterSquares).toBeCloseTo(expected.cohorts[index]?.clusterSquares ?? Number.NaN, 9)
  })
  for (const name of ['effect', 'balanced', 'coverage', 'estimate'] as const) {
    expect(found.clusters[name]).toBeGreaterThan(0)
    expect(found.clusters[name]).toBeCloseTo(expected.clusters[name], 9)
  }
}

describe('sums by entity', () => {
  it.each([1, 2])('agree with single decisions, sample %i', async (seed) => {
    const rows = drawRows(seed)
    await store(`p${seed}`, rows)
    const [found, expected] = [await read(`p${seed}`), byHand(rows)]
    expectClose(found, expected)
    expect(found.clusters.balanced).toBeLessThan(found.clusters.effect)
  })

  it('are the same to the last bit in whatever order the rows were written', async () => {
    const rows = drawRows(4)
    await store('forward', rows)
    await store('backward', rows, true)
    expect(await read('backward')).toEqual(await read('forward'))
  })

  it('count decisions of the two compared releases only', async () => {
    const rows = drawRows(5)
    await store('compared', rows)
    await test.registry.evidence.recordDecisions('compared', [
      {
        decisionId: 'by-hand',
        arm: 'production',
        eventAt: Date.parse(ALL[3] as string) + 10,
        workflowId: 'w',
        releaseId: 'toy_v0',
        entityHash: 'e1',
        output: {},
        action: 'warn',
      },
    ])
    expectClose(await read('compared'), byHand(rows))
  })

  it('of no decisions are zero', async () => {
    expect(await read('empty')).toEqual({
      cohorts: [],
      clusters: { effect: 0, balanced: 0, coverage: 0, estimate: 0 },
    })
  })
})
