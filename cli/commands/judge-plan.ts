/**
 * `slipway judge plan`: a policy for known traffic, with its expected verdicts, for people who are not statisticians.
 */
import type { Command } from 'commander'
import { planPolicy } from '../../releases/policy/plan-policy.js'
import { horizonRule, rampRule } from '../../releases/policy/policy-rules.js'
import { show } from '../runtime/output.js'
import { refuseTwoOutputs, STANDARD_OUTPUT, writeOutput } from '../runtime/write-output.js'
import { planText } from '../views/plan-view.js'
import { argument, number, whole } from './number-options.js'

interface PlanOptions {
  perDay: number
  rate: number
  smallestEffect: number
  horizon: string
  ramp?: number[]
  runs: number
  seed: number
  out: string
  json?: boolean
}

export function registerPlan(judgeCommand: Command): void {
  judgeCommand
    .command('plan')
    .description(
      'propose a promotion policy for known traffic, estimate its verdicts by simulation, and write it to a file',
    )
    .requiredOption('--per-day <n>', 'decisions per day, both arms together', whole(2))
    .requiredOption('--rate <p>', 'share of production decisions that incur a loss', number(0, 1))
    .requiredOption('--smallest-effect <d>', 'relative change of the loss that matters: 0.1 means 10 %', number(0, 10))
    .option('--horizon <duration>', 'how long until a label is final', argument(horizonRule), '7d')
    .option('--ramp <shares>', 'shares of the canary in percent (default: 5,25,50)', argument(rampRule))
    .option('--runs <n>', 'simulated canaries per candidate', whole(1), 300)
    .option('--seed <n>', 'random seed; the same seed gives the same result', whole(0), 1)
    .option(
      '--out <file>',
      'file to write, - for standard output; an existing file is not replaced',
      'promotion-policy.json',
    )
    .option('--json', 'print JSON')
    .action(plan)
}

function plan(options: PlanOptions): void {
  const { out, json } = options
  refuseTwoOutputs(out, json)
  const planned = planPolicy({ ...options, ramp: options.ramp ?? RAMP }, 'options')
  writeOutput(out, `${JSON.stringify(planned.policy, null, 2)}\n`, 'wx')
  if (out === STANDARD_OUTPUT) return
  const { policy, exposedDays, perDay, rate, smallestEffect, candidates } = planned
  show(options, { policy, file: out, exposedDays, perDay, rate, smallestEffect, candidates }, planText)
}

/** Basis points of the steps that are proposed. */
const RAMP = [500, 2_500, 5_000]
