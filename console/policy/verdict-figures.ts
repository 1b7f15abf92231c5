/** Verdicts of simulated candidates: a plot of their shares, one of the days they take, and the table of both. */
import type { Rates } from '../../releases/policy/policy-job.js'
import { html, type Markup, table } from '../html.js'
import { figureBlock } from '../report/sections/figures-section.js'

export interface SimulatedCandidate {
  readonly name: string
  readonly rates: Rates
}

const share = (value: number): number => Number((value * 100).toFixed(1))
const days = (value: number | null): string => (value === null ? '–' : String(value))

export function verdictFigures(candidates: readonly SimulatedCandidate[]): Markup {
  const series = (name: string, of: (rates: Rates) => number) => ({
    name,
    points: candidates.map((one) => ({ x: one.name, y: share(of(one.rates)) })),
  })
  return html`<div class="figures">${figureBlock({
    title: 'Verdicts',
    note: 'Shares of the simulated canaries with each candidate, in percent.',
    kind: 'bar',
    x: 'candidate',
    y: '% of the canaries',
    series: [
      series('promoted', ({ promoted }) => promoted),
      series('rolled back', ({ rolledBack }) => rolledBack),
      series('held', ({ held }) => held),
    ],
  })}${figureBlock({
    title: 'Days to the verdict',
    note: 'The dot is the median; eight in ten canaries end within the line.',
    kind: 'dot',
    x: 'candidate',
    y: 'days',
    series: [
      {
        name: 'median days, p10 to p90',
        points: candidates.map(({ name, rates: { days: of } }) => ({
          x: name,
          y: of.median,
          low: of.p10,
          high: of.p90,
        })),
      },
    ],
  })}</div>
${table(
  ['the candidate is', 'promoted', 'rolled back', 'held', 'days: p10', 'median', 'p90', 'to promote', 'to roll back'],
  candidates.map(({ name, rates }) => [
    name,
    ...[rates.promoted, rates.rolledBack, rates.held].map((value) => `${share(value)} %`),
    ...[rates.days.p10, rates.days.median, rates.days.p90, rates.daysToPromote, rates.daysToRollback].map(days),
  ]),
  1,
)}`
}

/** @param effect relative to production's loss */
export function effectName(effect: number): string {
  if (effect === 0) return 'the same as production'
  return `${share(Math.abs(effect))} % ${effect > 0 ? 'worse' : 'better'}`
}
