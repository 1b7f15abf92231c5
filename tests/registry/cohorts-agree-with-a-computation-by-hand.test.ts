/** Compares the cohorts that the judge reads with a computation by hand over the same rows. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DAY_MS, utcDay } from '../../contracts/duration.js'
import { ARMS, type Arm } from '../../contracts/names.js'
import type { CohortCounts, CohortQuery, DecisionRow, OutcomeRow } from '../../registry/index.js'
import { type TestRegistry, testRegistry } from './test-registry.js'

const START = Date.UTC(2026, 1, 27)
const HOUR_MS = DAY_MS / 24
let test: TestRegistry

beforeAll(async () => {
  test = await testRegistry()
})
afterAll(() => test?.stop())

const decision = (
  decisionId: string,
  arm: Arm,
  eventAt: number,
  workflowId = 'w',
  expectedLoss: number | null = null,
): DecisionRow => ({
  decisionId,
  arm,
  eventAt,
  workflowId,
  releaseId: 'toy_v1',
  entityHash: 'e',
  output: {},
  action: 'warn',
  expectedLoss,
})
const outcome = (decisionId: string, version: number, loss: number, observedAt: number): OutcomeRow => ({
  decisionId,
  version,
  loss,
  observedAt,
  label: 1,
})

/** The cohort of a single decision, made at noon of the first day; labels are final after two days. */
async function one(project: string, asOf: number, outcomes: readonly OutcomeRow[]): Promise<CohortCounts | undefined> {
  await test.registry.evidence.recordDecisions(project, [decision('d', 'canary', START + 12 * HOUR_MS)])
  await test.registry.evidence.recordOutcomes(project, outcomes)
  const found = await test.registry.evidence.cohorts({ project, workflowId: 'w', asOf, labelHorizonMs: 2 * DAY_MS })
  return found[0]
}

describe('as of an instant', () => {
  it('a label counts from the instant it was observed', async () => {
    const observed = START + 20 * HOUR_MS
    expect(await one('seen', observed - 1, [outcome('d', 1, 5, observed)])).toMatchObject({ exposed: 1, labelled: 0 })
    expect(await one('seen', observed, [])).toMatchObject({ exposed: 1, labelled: 1, lossSum: 5, lossSumSquares: 25 })
  })

  it('a correction replaces the label once it is observed, and not earlier', async () => {
    const [first, second] = [START + 20 * HOUR_MS, START + 30 * HOUR_MS]
    const versions = [outcome('d', 1, 5, first), outcome('d', 2, 3, second)]
    expect(await one('corrected', second - 1, versions)).toMatchObject({ labelled: 1, lossSum: 5 })
    expect(await one('corrected', second, [])).toMatchObject({ labelled: 1, lossSum: 3, lossSumSquares: 9 })
  })

  it('the label observed last counts, even when an earlier one is delivered after it', async () => {
    const [earlier, later] = [START + 20 * HOUR_MS, START + 30 * HOUR_MS]
    const versions = [outcome('d', 1, 5, later), outcome('d', 2, 3, earlier)]
    expect(await one('late_delivery', later - 1, versions)).toMatchObject({ labelled: 1, lossSum: 3 })
    expect(await one('late_delivery', later, [])).toMatchObject({ labelled: 1, lossSum: 5 })
  })

  it('a label later than the horizon never counts', async () => {
    const final = START + 12 * HOUR_MS + 2 * DAY_MS
    expect(await one('late', START + 30 * DAY_MS, [outcome('d', 1, 5, final + 1)])).toMatchObject({ labelled: 0 })
    expect(await one('in_time', START + 30 * DAY_MS, [outcome('d', 1, 5, final)])).toMatchObject({ labelled: 1 })
  })

  it('a day is mature from its end plus the horizon, labels or not', async () => {
    const mature = START + 3 * DAY_MS
    expect(await one('mature', mature - 1, [])).toMatchObject({ mature: false, labelled: 0 })
    expect(await one('mature', mature, [])).toMatchObject({ mature: true, labelled: 0 })
  })

  it('a later decision does not count', async () => {
    expect(await one('future', START + 12 * HOUR_MS - 1, [])).toBeUndefined()
  })
})

interface Sample {
  readonly decisions: DecisionRow[]
  readonly outcomes: OutcomeRow[]
  readonly asOf: number
  readonly labelHorizonMs: number
  readonly arms: Arm[] | undefined
  readonly lossBound: CohortQuery['lossBound']
}

const instant = (days: number) =>
  fc.oneof(
    fc.integer({ min: 0, max: days * DAY_MS }),
    // Midnights and their neighbours, where the day changes.
    fc
      .tuple(fc.nat({ max: days }), fc.integer({ min: -1, max: 1 }))
      .map(([day, off]) => Math.max(0, day * DAY_MS + off)),
  )
const loss = fc.oneof(fc.integer({ min: -5, max: 50 }), fc.double({ noNaN: true, min: -1e6, max: 1e6 }))

const samples: fc.Arbitrary<Sample> = fc.record({
  decisions: fc
    .array(
      fc.record({
        at: instant(5),
        arm: fc.constantFrom(...ARMS),
        workflowId: fc.constantFrom('w', 'w', 'w', 'other'),
        expected: fc.option(loss),
      }),
      { maxLength: 30 },
    )
    .map((all) =>
      all.map(({ at, arm, workflowId, expected }, index) =>
        decision(`d${index}`, arm, START + at, workflowId, expected),
      ),
    ),
  // Some belong to unknown decisions: a label may arrive before its decision is written.
  outcomes: fc
    .uniqueArray(
      fc.record({ of: fc.nat({ max: 32 }), version: fc.integer({ min: 1, max: 3 }), loss, at: instant(9) }),
      { maxLength: 60, selector: ({ of, version }) => `${of}/${version}` },
    )
    .map((all) => all.map(({ of, version, loss, at }) => outcome(`d${of}`, version, loss, START + at))),
  asOf: instant(9).map((at) => START + at),
  labelHorizonMs: fc.oneof(
    fc.integer({ min: 0, max: 4 }).map((days) => days * DAY_MS),
    fc.nat({ max: 4 * DAY_MS }),
  ),
  arms: fc.option(fc.uniqueArray(fc.constantFrom(...ARMS), { minLength: 1 }), { nil: undefined }),
  lossBound: fc.option(
    fc.record({
      // Not at values where decimals and doubles would compare a loss with the bound differently.
      lowest: fc.integer({ min: -20, max: -1 }).map((bound) => bound + 0.3),
      highest: fc.integer({ min: 1, max: 40 }).map((bound) => bound + 0.3),
      beyond: fc.constantFrom('winsorise', 'refuse'),
    }),
    { nil: undefined },
  ),
})

function byHand({ decisions, outcomes, asOf, labelHorizonMs, arms = [...ARMS], lossBound }: Sample): CohortCounts[] {
  interface Group {
    readonly day: string
    readonly arm: Arm
    exposed: number
    beyond: number
    readonly losses: number[]
    readonly expected: number[]
  }
  const cohorts = new Map<string, Group>()
  for (const { decisionId, workflowId, arm, eventAt, expectedLoss } of decisions) {
    if (workflowId !== 'w' || !arms.includes(arm) || eventAt > asOf) continue
    const day = utcDay(eventAt)
    const cohort = cohorts.get(`${day} ${arm}`) ?? { day, arm, exposed: 0, beyond: 0, losses: [], expected: [] }
    cohorts.set(`${day} ${arm}`, cohort)
    cohort.exposed += 1
    if (typeof expectedLoss === 'number') cohort.expected.push(expectedLoss)
    const known = outcomes.filter((one) => one.decisionId === decisionId && one.observedAt <= asOf)
    const inTime = known.filter((one) => one.observedAt <= eventAt + labelHorizonMs)
    const newest = inTime.sort((a, b) => b.observedAt - a.observedAt || b.version - a.version)[0]
    if (!newest) continue
    const { lowest, highest, beyond } = lossBound ?? { lowest: -Infinity, highest: Infinity, beyond: 'refuse' }
    const clipped = Math.min(highest, Math.max(lowest, newest.loss))
    if (clipped !== newest.loss) cohort.beyond += 1
    cohort.losses.push(beyond === 'winsorise' ? clipped : newest.loss)
  }
  const sum = (values: number[]) => values.reduce((total, one) => total + one, 0)
  return [...cohorts].sort().map(([, { day, arm, exposed, beyond, losses, expected }]) => ({
    day,
    arm,
    exposed,
    labelled: losses.length,
    weight: null,
    beyondBound: beyond,
    estimated: expected.length,
    mature: Date.parse(day) + DAY_MS + labelHorizonMs <= asOf,
    lossSum: sum(losses),
    lossSumSquares: sum(losses.map((one) => one * one)),
    expectedLossSum: sum(expected),
    expectedLossSumSquares: sum(expected.map((one) => one * one)),
  }))
}

const PAIRS = [
  ['lossSum', 'lossSumSquares'],
  ['expectedLossSum', 'expectedLossSumSquares'],
] as const
const SUMS: readonly string[] = PAIRS.flat()
const counts = (rows: readonly CohortCounts[]) =>
  rows.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !SUMS.includes(name))))

it('cohorts of any rows agree with a computation by hand', async () => {
  let samplesSeen = 0
  await fc.assert(
    fc.asyncProperty(samples, async (sample) => {
      samplesSeen += 1
      const project = `sample${samplesSeen}`
      await test.registry.evidence.recordDecisions(project, sample.decisions)
      await test.registry.evidence.recordOutcomes(project, sample.outcomes)
      const { asOf, labelHorizonMs, arms, lossBound } = sample
      const query = { project, workflowId: 'w', asOf, labelHorizonMs, ...(lossBound ? { lossBound } : {}) }
      const found = await test.registry.evidence.cohorts(arms ? { ...query, arms } : query)
      const expected = byHand(sample)
      expect(counts(found)).toEqual(counts(expected))
      for (const [index, row] of expected.entries()) {
        for (const [sum, squares] of PAIRS) {
          // Losses reach a million: nine digits of their sum and of the sum of their squares must agree.
          expect(Math.abs((found[index]?.[sum] ?? Number.NaN) - row[sum])).toBeLessThan(1e-3)
          expect(Math.abs((found[index]?.[squares] ?? Number.NaN) - row[squares])).toBeLessThan(
            1e-9 * row[squares] + 1e-50,
          )
        }
      }
    }),
    { numRuns: 150 },
  )
})

it('an extreme label is refused, so that it cannot make the evidence of a project unreadable', async () => {
  const refused = { type: 'BadRequest', message: expect.stringContaining('"d"') as string }
  for (const loss of [Number.NaN, Number.POSITIVE_INFINITY, 1e101, -1e200, Number.MAX_VALUE]) {
    const row = decision('d', 'canary', START, 'w', loss)
    await expect(test.registry.evidence.recordDecisions('extreme', [row])).rejects.toMatchObject(refused)
    await expect(
      test.registry.evidence.recordOutcomes('extreme', [outcome('d', 1, loss, START)]),
    ).rejects.toMatchObject(refused)
  }
  const extremes = [1e100, -1e100, 1e-200, -5e-324, -0]
  await test.registry.evidence.recordDecisions(
    'extreme',
    extremes.map((_, index) => decision(`d${index}`, 'canary', START)),
  )
  await test.registry.evidence.recordOutcomes(
    'extreme',
    extremes.map((loss, index) => outcome(`d${index}`, 1, loss, START)),
  )
  const query = { project: 'extreme', workflowId: 'w', asOf: START, labelHorizonMs: DAY_MS }
  expect(await test.registry.evidence.cohorts(query)).toMatchObject([
    { labelled: 5, lossSum: 0, lossSumSquares: 2e200 },
  ])
})

it('the same rows written in another order have the same sums, bit for bit', async () => {
  const ids = Array.from({ length: 40 }, (_, index) => `d${index}`)
  const sums = async (project: string, order: readonly string[]) => {
    await test.registry.evidence.recordDecisions(
      project,
      order.map((id) => decision(id, 'canary', START)),
    )
    const losses = order.map((id) => outcome(id, 1, 0.1 * Number(id.slice(1)) ** 5, START))
    await test.registry.evidence.recordOutcomes(project, losses)
    return test.registry.evidence.cohorts({ project, workflowId: 'w', asOf: START + DAY_MS, labelHorizonMs: DAY_MS })
  }
  expect(await sums('backwards', [...ids].reverse())).toEqual(await sums('forwards', ids))
})
