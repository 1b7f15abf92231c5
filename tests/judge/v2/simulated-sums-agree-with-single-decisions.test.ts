/** The simulation sums while it draws; here its sums are compared with the definitions of the evidence's schema. */
import { expect, it } from 'vitest'
import { createRandom } from '../../../judge/simulation/random.js'
import { createStream } from '../../../judge/simulation/stream/stream.js'
import { type Rows, stateFor, sumUp } from '../../../judge/simulation/stream/sum-up.js'
import type { StreamDay } from '../../../judge/simulation/stream/sums.js'
import { clusterSum, days, evidenceFrom, type Row } from './from-rows.js'

const ENTITIES = 25

function drawDay(random: () => number, share: number): Rows {
  const count = 60
  const entity = Int32Array.from({ length: count }, () => Math.floor(random() * ENTITIES))
  return {
    count,
    entity,
    canary: Uint8Array.from(entity, (of) => Number(of < share * ENTITIES)),
    loss: Float64Array.from({ length: count }, () => (random() < 0.2 ? Number.NaN : Math.round(random() * 100) / 100)),
  }
}

it('sums by day, by entity and over days agree', () => {
  const random = createRandom(8)
  const state = stateFor(ENTITIES)
  const shares = [0.04, 0.1, 0.3, 0.5]
  const single: Row[] = []
  const summed: StreamDay[] = []
  days(shares.length).forEach((day, index) => {
    const rows = drawDay(random, shares[index] ?? 0)
    summed.push(sumUp(rows, state, { weight: 10_000 * (shares[index] ?? 0), day: index }))
    for (let row = 0; row < rows.count; row += 1) {
      const loss = rows.loss[row] ?? Number.NaN
      const arm = rows.canary[row] === 1 ? 'canary' : 'production'
      single.push({ entity: `${rows.entity[row]}`, day, arm, loss: Number.isNaN(loss) ? null : loss })
    }
    const { cohorts, clusters } = evidenceFrom(single)
    const last = summed.at(-1) as StreamDay
    expect(last.clusters.effect).toBeCloseTo(clusters?.effect ?? Number.NaN, 9)
    expect(last.clusters.balanced).toBeCloseTo(clusters?.balanced ?? Number.NaN, 9)
    expect(last.clusters.coverage).toBeCloseTo(
      clusterSum(single, ({ loss }) => Number(loss !== null)),
      9,
    )
    for (const arm of ['canary', 'production'] as const) {
      const cohort = cohorts.find((one) => one.day === day && one.arm === arm)
      const { clusterSquares, lossSum, lossSumSquares, ...counts } = last[arm]
      expect(cohort).toMatchObject(counts)
      expect(clusterSquares).toBeCloseTo(cohort?.clusterSquares ?? Number.NaN, 9)
      expect([lossSum, lossSumSquares]).toEqual([
        expect.closeTo(cohort?.lossSum ?? 0, 9),
        expect.closeTo(cohort?.lossSumSquares ?? 0, 9),
      ])
    }
  })
})

it('a stream of counts has the sums of a stream of single decisions', () => {
  const totals = (world: object) => {
    const stream = createStream({ traffic: 400, rate: () => 0.12, effect: 0.5, cost: 2, ...world }, createRandom(4))
    const all = Array.from({ length: 200 }, () => stream.next(2_500))
    const mean = (of: (day: StreamDay) => number) => all.reduce((sum, day) => sum + of(day), 0) / all.length
    return {
      canary: mean(({ canary }) => canary.exposed),
      loss: mean(({ canary }) => canary.lossSum),
      squares: mean(({ production }) => production.clusterSquares),
      clusters: (all.at(-1)?.clusters.balanced ?? 0) / all.length,
    }
  }
  // With a coverage, even a full one, decisions are drawn one by one.
  const [counted, single] = [totals({}), totals({ coverage: { production: 1, canary: 1 } })]
  expect(single.canary / counted.canary).toBeCloseTo(1, 1)
  expect(Math.abs(single.loss / counted.loss - 1)).toBeLessThan(0.06)
  expect(Math.abs(single.squares / counted.squares - 1)).toBeLessThan(0.06)
  expect(Math.abs(single.clusters / counted.clusters - 1)).toBeLessThan(0.06)
})
