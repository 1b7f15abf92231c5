import { describe, expect, it } from 'vitest'
import { figure } from '../../../contracts/schemas/index.js'
import { calibrationFigure, costFigure, recallFigure } from '../../../projects/kit/binary-figures.js'
import { wilson } from '../../../projects/kit/wilson.js'

/**
 * A hundred rows: the candidate says 0.05, 0.15 … and is right as often as it says, production says the same of all.
 */
const labels = Array.from({ length: 100 }, (_, row) => (row % 10 < Math.floor(row / 10) ? 1 : 0))
const said = labels.map((_, row) => (Math.floor(row / 10) + 0.5) / 10)
const heldOut = {
  labels,
  candidate: { probabilities: said, acted: said.map((p) => (p >= 0.5 ? 1 : 0)) },
  production: { probabilities: labels.map(() => 0.45), acted: labels.map(() => 0) },
}

describe('figures of a yes-or-no model', () => {
  it('calibration: predicted and actual shares; rows of one probability are one point', () => {
    const drawn = figure.parse(calibrationFigure(heldOut))
    const [candidate, production] = drawn.series
    expect(candidate?.points.map(({ x, y }) => [x, y])).toEqual(
      Array.from({ length: 10 }, (_, tenth) => [(tenth + 0.5) / 10, tenth / 10]),
    )
    expect(production?.points).toMatchObject([{ x: 0.45, y: 0.45 }])
    const { low = 0, high = 0 } = production?.points[0] ?? {}
    expect([low, high]).toEqual([expect.closeTo(wilson(45, 100).low, 5), expect.closeTo(wilson(45, 100).high, 5)])
  })

  it('cost at a threshold: the cost of acting on rows at or above it', () => {
    const cost = (acted: boolean, label: number) => (label === 1 ? (acted ? 0 : 2) : acted ? 1 : 0)
    const options = { unit: 'points', thresholds: { candidate: 0.5, production: 0.9 }, cost }
    const drawn = figure.parse(costFigure(heldOut, options))
    const at = (name: string) => drawn.series.find((series) => series.name === name)?.points ?? []
    // Acting on all costs the 55 that were not, on none twice the 45 that were.
    expect(at('candidate')[0]).toEqual({ x: 0, y: 0.55 })
    expect(at('production, in force')).toEqual([{ x: 0.9, y: 0.9 }])
    // Above 0.5: 35 of 50 are; below: 10 of 50.
    expect(at('candidate, in force')).toEqual([{ x: 0.5, y: (15 + 2 * 10) / 100 }])
  })

  it('recall: of the yes rows only; a slice without any has the widest interval', () => {
    const slices = [
      { name: 'high', rows: [90, 91, 99] },
      { name: 'none', rows: [0, 1] },
    ]
    const [candidate, production] = figure.parse(recallFigure(heldOut, slices)).series
    expect(candidate?.points).toMatchObject([
      { x: 'high', y: 1 },
      { x: 'none', y: 0, low: 0, high: 1 },
    ])
    expect(production?.points[0]).toMatchObject({ x: 'high', y: 0 })
  })

  it('Wilson’s interval is the published one', () => {
    // Newcombe 1998, table I: 81 of 263.
    expect(wilson(81, 263).low).toBeCloseTo(0.2553, 4)
    expect(wilson(81, 263).high).toBeCloseTo(0.3662, 4)
  })
})
