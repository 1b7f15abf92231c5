/** Two ways in which a benchmark of quality measured something else than the model. */
import { expect, it } from 'vitest'
import { forecasts } from '../../bench/quality/forecast.js'
import { qualityOf } from '../../bench/quality/ranking.js'
import { dayNumber, type History } from '../../projects/forecast/counts/history.js'
import type { DemandInput } from '../../projects/forecast/features/demand-input.js'

const page = (...gains: number[]) => ({
  items: gains.map((gain, index) => ({
    listing: `L${index}`,
    gain,
    sold: null,
    blocked: false,
    inStock: true,
    position: null,
    viewed: false,
  })),
})
const offsets = Uint32Array.from([0, 2, 4, 6])

it('a judged query without a gain has no quality, and does not make that of the others the order of the file', () => {
  const pages = [page(0, 1), page(0, 0), page(1, 0)]
  expect(qualityOf([1, 2, 2, 1, 2, 1], { offsets }, pages)).toEqual([1, null, 1])
  const last = 1 / Math.log2(3)
  expect(qualityOf([2, 1, 1, 2, 1, 2], { offsets }, pages)).toEqual([last, null, last])
  expect(() => qualityOf([Number.NaN, 1, 1, 1, 1, 1], { offsets }, pages)).toThrow('a score is not a number')
})

it('inputs of the days that are measured have the plan of promotions, and no count of those days', async () => {
  const days = 200
  const known = 150
  const promoted = Uint8Array.from({ length: days }, (_, index) => (index === known + 2 ? 1 : 0))
  const series = { code: 'A', onSale: 0, counts: new Int32Array(days).fill(3), promoted }
  series.counts.fill(1_000, known)
  const history: History = {
    first: dayNumber('2024-01-01'),
    days,
    open: new Uint8Array(days).fill(1),
    series: [series],
  }
  const asked: DemandInput[] = []
  const scorer = {
    score(inputs: readonly DemandInput[]) {
      asked.push(...inputs)
      return inputs.map((input) => ({ q50: input.promoted ? 9 : 3 }))
    },
  }
  const forecast = await forecasts(history, [series], scorer, history.first + known)
  expect([1, 2, 3].map((day) => forecast(series, known + day))).toEqual([3, 9, 3])
  expect(asked.flatMap(({ recent }) => recent).filter((count) => count === 1_000)).toEqual([])
  expect(asked.filter((input) => input.promoted)).toHaveLength(1)
})
