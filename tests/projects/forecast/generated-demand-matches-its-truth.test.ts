import { expect, it } from 'vitest'
import { dayNumber, weekdayOf } from '../../../projects/forecast/counts/history.js'
import { generate } from '../../../projects/forecast/generator/generate-demand.js'
import { calendarOf, expectedLines, FIRST_DAY, truthOf } from '../../../projects/forecast/generator/series-truth.js'
import { describeWorld } from '../../../projects/forecast/generator/world-file.js'

const world = describeWorld({ series: 96 })
const { history, sha256 } = generate(world)
const calendar = calendarOf(world)
const truths = history.series.map((_, index) => truthOf(world, index))
const expected = truths.map((truth) => expectedLines(world, truth, calendar))

const sum = (values: Iterable<number>): number => {
  let total = 0
  for (const value of values) total += value
  return total
}

it('has mean counts equal to the truth, series by series', () => {
  const ratios = history.series.map(({ counts }, index) => {
    const wanted = sum(expected[index] as Float64Array) * (truths[index]?.active as number)
    // A thousand days: the deviation of the mean is a few per cent, more where little is sold.
    expect(Math.abs(sum(counts) - wanted)).toBeLessThan(0.05 * wanted + 6 * Math.sqrt(wanted))
    return sum(counts) / wanted
  })
  expect(Math.abs(sum(ratios) / ratios.length - 1)).toBeLessThan(0.01)
})

it('has no sales on closed days, and some on every open day', () => {
  history.open.forEach((isOpen, index) => {
    const lines = sum(history.series.map(({ counts }) => counts[index] as number))
    expect(lines > 0).toBe(isOpen === 1)
    if (weekdayOf(FIRST_DAY + index) === 0) expect(isOpen).toBe(0)
  })
  expect(history.open[dayNumber('2023-12-25') - FIRST_DAY]).toBe(0)
})

it('sells more in promotions by the true uplift, against the same weekdays without one', () => {
  const ratios = history.series.flatMap(({ counts, promoted }, index) => {
    const { kind, uplift } = truths[index] ?? { kind: 'new', uplift: 1 }
    if (kind !== 'steady') return []
    const meanOf = (flag: number) => {
      const days = [...counts.keys()].filter(
        (at) => promoted[at] === flag && [4, 5, 6].includes(weekdayOf(FIRST_DAY + at)),
      )
      return sum(days.map((at) => counts[at] as number)) / days.length
    }
    return [meanOf(1) / meanOf(0) / uplift]
  })
  expect(ratios).toHaveLength(24)
  expect(sum(ratios) / ratios.length).toBeCloseTo(1, 1)
})

it('has intermittent series, rising and falling ones, and a season', () => {
  const of = (kind: string) => history.series.filter((_, index) => truths[index]?.kind === kind)
  const zeros = ({ counts }: { counts: Int32Array }) =>
    counts.filter((count, index) => count === 0 && history.open[index] === 1).length / sum(history.open)
  for (const series of of('intermittent')) expect(zeros(series)).toBeGreaterThan(0.55)
  const year = (series: readonly { counts: Int32Array }[], from: string) => {
    const at = dayNumber(from) - FIRST_DAY
    return sum(series.map(({ counts }) => sum(counts.subarray(at, at + 364))))
  }
  expect(year(of('rising'), '2024-01-01') / year(of('rising'), '2022-01-03')).toBeGreaterThan(1.3)
  expect(year(of('falling'), '2024-01-01') / year(of('falling'), '2022-01-03')).toBeLessThan(0.75)
  const winter = truths.findIndex(({ kind, season }) => kind === 'seasonal' && season.peak === 345)
  const month = (from: string) => {
    const at = dayNumber(from) - FIRST_DAY
    return sum(expected[winter]?.subarray(at, at + 28) ?? [])
  }
  expect(month('2023-12-01')).toBeGreaterThan(1.2 * month('2023-06-05'))
})

it('gives the same counts for the same seed, different ones for another, and does not depend on later days', () => {
  expect(generate(describeWorld({ series: 96 })).history).toEqual(history)
  expect(generate(describeWorld({ series: 96 })).sha256).toBe(sha256)
  const other = generate(describeWorld({ series: 96, seed: 1 }))
  expect(other.sha256).not.toBe(sha256)
  expect(other.history.series[0]?.counts).not.toEqual(history.series[0]?.counts)
  // More series change none of those there are.
  expect(generate(describeWorld({ series: 97 })).history.series.slice(0, 96)).toEqual(history.series)
})

it('applies each situation from its day on, and does not change earlier days', () => {
  const from = '2024-03-05'
  const at = dayNumber(from) - FIRST_DAY
  const lines = (situation: string) => {
    const { series, loadedUntil } = generate(describeWorld({ series: 96, situation, from })).history
    const over = (start: number, end: number) => sum(series.map(({ counts }) => sum(counts.subarray(start, end))))
    const promoted = sum(
      series.map(({ counts, promoted: flags }) =>
        sum(counts.subarray(at).map((count, i) => (flags[at + i] === 1 ? count : 0))),
      ),
    )
    return { before: over(0, at), after: over(at, at + 180), promoted, loadedUntil }
  }
  const none = lines('none')
  const drift = lines('drift')
  expect(drift.before).toBe(none.before)
  expect(drift.after / none.after).toBeCloseTo(0.55, 1)
  const strong = lines('strong_promotions')
  expect(strong.before).toBe(none.before)
  expect(strong.promoted / none.promoted).toBeCloseTo(1.8, 1)
  const stalled = lines('stalled_counts')
  expect([stalled.after, stalled.loadedUntil, none.loadedUntil]).toEqual([none.after, at - 1, undefined])
})
