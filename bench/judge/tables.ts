/** The results as tables. */
import Table from 'cli-table3'
import type { Rates } from '../../judge/simulation/rates.js'
import { type Expectation, percent, type Results } from './expectations.js'
import { JUDGE, NAIVE } from './false-alarms.js'

export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const grid = new Table({ head: [...head], style: { head: [], border: [] } })
  grid.push(...rows.map((row) => [...row]))
  return grid.toString()
}

const verdicts = ({ promoted, rolledBack, held }: Rates): string[] => [promoted, rolledBack, held].map(percent)
const days = (value: number | null): string => (value === null ? '–' : String(value))

export function tablesOf({ falseAlarms, harm, better, entities }: Results): string {
  const rules = [...Object.values(NAIVE), ...Object.values(JUDGE)]
  const { fixed, sequence, plan } = better
  const bought = (name: string, rates: Rates) => [
    name,
    percent(rates.promoted),
    (rates.promoted / fixed.promoted).toFixed(3),
    rates.days.median,
    days(rates.daysToPromote),
    (rates.days.median / fixed.days).toFixed(2),
  ]
  return [
    `False alarms: ${falseAlarms[0]?.runs} A/A streams each, labels after 2 days, or 5 for a decision with a loss; one look a day for 30 days`,
    table(
      ['rule', ...falseAlarms.map(({ schedule, rate }) => `${schedule}\nrate ${rate}`)],
      rules.map((rule) => [rule, ...falseAlarms.map(({ alarms }) => percent(alarms[rule] ?? 0))]),
    ),
    `A harmful candidate, non-inferiority margin 5 % of the loss: ${harm[0]?.rates.runs} canaries each`,
    table(
      ['loss', 'judge', 'promoted', 'rolled back', 'held', 'median days to roll back'],
      harm.map(({ effect, method, rates }) => [
        `+${percent(effect)}`,
        method,
        ...verdicts(rates),
        days(rates.daysToRollback),
      ]),
    ),
    `A better candidate, ${percent(better.effect)} loss, objective superiority: ${plan.runs} canaries each`,
    table(
      ['judge', 'promoted', 'of fixed', 'median days, any verdict', 'median days, promoted', 'days of fixed'],
      [
        ['fixed horizon, one look', percent(fixed.promoted), '1.000', fixed.days, fixed.days, '1.00'],
        bought('group-sequential', plan),
        bought('confidence sequence', sequence),
      ],
    ),
    `Returning entities (A/A, intra-class correlation .186): ${entities[0]?.runs} streams each, false alarms`,
    table(
      [
        'decisions an entity',
        'design effect',
        'sequence',
        'with designEffect',
        'group-sequential',
        'with designEffect',
      ],
      entities.map(({ visits, designEffect, sequence: one, plan: other }) => [
        visits,
        designEffect.toFixed(2),
        ...[one.unaware, one.stated, other.unaware, other.stated].map(percent),
      ]),
    ),
    [
      'The intervals assume independent decisions. They are valid when entities do not return, or when the policy states the design',
      'effect 1 + (m − 1)·icc for m decisions per entity. Without it the sequence tolerates about three decisions per entity, the plan none.',
    ].join('\n'),
  ].join('\n\n')
}

export const verdictOf = (all: readonly Expectation[]): string =>
  all.map(({ what, holds }) => `${holds ? 'holds' : 'FAILS'}  ${what}`).join('\n')
