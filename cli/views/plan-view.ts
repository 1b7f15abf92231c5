import type { PromotionPolicy } from '../../contracts/types.js'
import type { Rates } from '../../judge/index.js'
import { MOST_SINGLE_DECISIONS } from '../../releases/policy/simulate-policy.js'
import { table } from '../runtime/output.js'

interface PlanReport {
  readonly policy: PromotionPolicy
  readonly file: string
  readonly exposedDays: number
  readonly perDay: number
  readonly rate: number
  readonly smallestEffect: number
  readonly candidates: readonly { readonly effect: number; readonly rates: Rates }[]
}

const percent = (share: number): string => `${Number((share * 100).toFixed(1))} %`
const inHundred = (share: number): string => `${Math.round(share * 100)} in 100`

function nameOf(effect: number): string {
  if (effect === 0) return 'the same as production'
  return `${percent(Math.abs(effect))} ${effect > 0 ? 'worse' : 'better'}`
}

export function planText({ policy, file, exposedDays, perDay, rate, smallestEffect, candidates }: PlanReport): string {
  const { judge, steps, deadline, labelHorizon } = policy
  const shares = steps.map(({ weight }) => percent(weight / 10_000)).join(', then ')
  const verdicts = candidates.map(({ effect, rates }) => [
    nameOf(effect),
    inHundred(rates.promoted),
    inHundred(rates.rolledBack),
    inHundred(rates.held),
    `${rates.days.median}, nine in ten within ${rates.days.p90}`,
  ])
  return [
    `${perDay} decisions a day, of which ${percent(rate)} incur a loss. A change of ${percent(smallestEffect)} of that loss matters.`,
    '',
    `The canary gets ${shares} of the traffic, each for at least a day, for ${exposedDays} days at most.`,
    `Labels are final after ${labelHorizon}; ${deadline} after the opening an undecided canary is extended once, then held.`,
    `It is promoted when it is shown to be less than ${judge.nonInferiorityMargin} per decision worse than production,`,
    `and rolled back when it is shown to be more than ${judge.harmMargin} worse. Each arm needs ${judge.minMature} final labels first.`,
    '',
    `Expected verdicts, ${candidates[0]?.rates.runs} simulated canaries each:`,
    table(['the candidate is', 'promoted', 'rolled back', 'held', 'median days to the verdict'], verdicts),
    'Held means that production is not touched: there was not enough evidence.',
    '',
    `Written to ${file}. Where entities return, losses have a long tail or days differ, check it with:`,
    `  slipway judge simulate --policy ${file} --traffic ${Math.min(perDay, MOST_SINGLE_DECISIONS)} --rate ${rate} --effect ${smallestEffect} --visits 10 --day-sd 0.1`,
  ].join('\n')
}
