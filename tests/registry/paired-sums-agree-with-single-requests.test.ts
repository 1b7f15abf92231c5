/**
 * Losses in the shadow beside those of production, against the definitions of the schema applied to single requests.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DAY_MS } from '../../contracts/duration.js'
import { SHADOW_FAILED, shadowIdOf } from '../../contracts/shadow-decisions.js'
import { createRandom } from '../../judge/simulation/random.js'
import type { DecisionRow, OutcomeRow } from '../../registry/index.js'
import { days } from '../judge/v2/from-rows.js'
import { type PairedRow, pairedFrom } from '../judge/v2/paired-rows.js'
import { type TestRegistry, testRegistry } from './test-registry.js'

const HORIZON_DAYS = 2
const FAILURE_LOSS = 3
const ALL = days(6)
const LAST_MATURE = ALL[6 - HORIZON_DAYS - 1] as string

let test: TestRegistry
beforeAll(async () => {
  test = await testRegistry()
})
afterAll(() => test?.stop())

/** Entities that return; some labels are missing, and some inputs fail. */
function drawn(seed: number): PairedRow[] {
  const random = createRandom(seed)
  return ALL.flatMap((day) =>
    Array.from({ length: 40 }, (): PairedRow => {
      const zero = random() < 0.8 ? Math.round(random() * 1_000) / 1_000 : null
      const failed = random() < 0.1
      const other = random() < 0.5 ? zero : Math.round(random() * 1_000) / 1_000
      const one = zero === null || random() < 0.1 ? null : other
      return { entity: `e${Math.floor(random() * 15)}`, day, zero, one: failed ? null : one, failed }
    }),
  )
}

async function store(
  project: string,
  rows: readonly PairedRow[],
  releases: readonly [string, string] = ['toy_v2', 'toy_v1'],
) {
  const decisions: DecisionRow[] = []
  const outcomes: OutcomeRow[] = []
  rows.forEach(({ entity, day, zero, one, failed = false }, index) => {
    const eventAt = Date.parse(day) + 1_000 * index
    const decision = {
      workflowId: 'w',
      eventAt,
      entityHash: entity,
      expectedLoss: null,
      split: { bucket: 1, weight: 0 },
    }
    const add = (decisionId: string, arm: 'shadow' | 'production', releaseId: string, loss: number | null) => {
      const fails = arm === 'shadow' && failed
      const answer = fails ? { output: {}, action: SHADOW_FAILED } : { output: { probability: 0.5 }, action: 'warn' }
      decisions.push({ ...decision, decisionId, arm, releaseId, ...answer })
      if (loss !== null) outcomes.push({ decisionId, version: 1, label: loss, loss, observedAt: eventAt + 1 })
    }
    add(`d${index}`, 'production', releases[1], zero)
    // Some requests were shed.
    if (index % 17 !== 0) add(shadowIdOf(`d${index}`), 'shadow', releases[0], one)
  })
  await test.registry.evidence.recordDecisions(project, decisions)
  await test.registry.evidence.recordOutcomes(project, outcomes)
}

const read = (project: string, more: object = {}) =>
  test.registry.evidence.pairedSums({
    project,
    workflowId: 'w',
    candidate: 'toy_v2',
    reference: 'toy_v1',
    firstDay: ALL[0] as string,
    lastDay: ALL[5] as string,
    failureLoss: FAILURE_LOSS,
    asOf: Date.parse(ALL[0] as string) + 6 * DAY_MS,
    labelHorizonMs: HORIZON_DAYS * DAY_MS,
    ...more,
  })

const byHand = (rows: readonly PairedRow[]) =>
  pairedFrom(
    rows
      .filter((_, index) => index % 17 !== 0)
      .map((row) => (row.failed && row.zero !== null ? { ...row, one: FAILURE_LOSS } : row)),
    LAST_MATURE,
  )

describe('paired sums', () => {
  it.each([1, 2])('agree with single requests; a failure costs what the policy says, sample %i', async (seed) => {
    const rows = drawn(seed)
    await store(`p${seed}`, rows)
    const [found, expected] = [await read(`p${seed}`), byHand(rows)]
    expect(found.days.map(({ day, failed }) => [day, failed])).toEqual(
      expected.days.map(({ day, failed }) => [day, failed]),
    )
    found.days.forEach((day, index) => {
      const { sum = 0, sumSquares = 0, clusterSquares = 0, ...counts } = expected.days[index] ?? {}
      expect(day).toMatchObject(counts)
      expect(day.sum).toBeCloseTo(sum, 9)
      expect(day.sumSquares).toBeCloseTo(sumSquares, 9)
      expect(day.clusterSquares).toBeCloseTo(clusterSquares, 9)
    })
    expect(found.days.some(({ failed }) => failed > 0)).toBe(true)
    expect(found.clusterSquares).toBeGreaterThan(0)
    expect(found.clusterSquares).toBeCloseTo(expected.clusterSquares, 9)
  })

  it('are of the two compared releases only, and of days that are asked for', async () => {
    await store('others', drawn(3), ['toy_v2', 'toy_v0'])
    expect(await read('others')).toEqual({ days: [], clusterSquares: 0 })
    await store('few', drawn(4))
    const found = await read('few', { firstDay: ALL[2], lastDay: ALL[3] })
    expect(found.days.map(({ day }) => day)).toEqual([ALL[2], ALL[3]])
  })

  it('count a loss beyond the bound, and use the bound', async () => {
    await store('bound', drawn(5))
    const found = await read('bound', {
      lossBound: { lowest: 0, highest: 0.25, beyond: 'winsorise' },
      failureLoss: 0.25,
    })
    for (const { beyondBound, labelled, sumSquares, differing } of found.days) {
      expect(beyondBound).toBeGreaterThan(0)
      expect(beyondBound).toBeLessThanOrEqual(labelled)
      expect(sumSquares).toBeLessThanOrEqual(differing * 0.25 ** 2)
    }
  })
})
