import { expect, it } from 'vitest'
import { lookPlot } from '../../cli/views/look-plot.js'
import type { Judgement } from '../../contracts/types.js'

const numbers = (interval: [number, number] | null, effect: number | null) =>
  ({ interval, effect, margins: { nonInferiority: 0.02, harm: 0.01, tolerance: 0 } }) as Judgement['numbers']

it('shows interval, effect, zero and margin at their places on one axis', () => {
  expect(lookPlot(numbers([-0.05, 0.05], 0))).toBe('··········├─────────●───¦─────┤··········')
  expect(lookPlot(numbers([-0.06, -0.02], -0.04))).toBe('········├───●───┤···│···¦················')
})

it('draws an interval beyond the axis with arrows, and nothing without an interval', () => {
  expect(lookPlot(numbers([-3, 3], 0.2))).toBe('◂───────────────────│───¦───────────────●')
  expect(lookPlot(numbers([-3, -0.05], -0.5))).toBe('●─────────┤·········│···¦················')
  expect(lookPlot(numbers(null, null))).toBe('')
})
