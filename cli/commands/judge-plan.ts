/** `slipway judge plan`: a policy for known traffic, with its expected verdicts, for people who are not statisticians. */
import { type Command, InvalidArgumentError } from 'commander'
import { decimalOf } from '../../contracts/decimal.js'
import { DAY_MS, DURATION_PATTERN, durationMs } from '../../contracts/duration.js'
import { SlipwayError } from '../../contracts/failure.js'
import { proposePolicy, simulateRates } from '../../judge/index.js'
import { show } from '../runtime/output.js'
import { refuseTwoOutputs, STANDARD_OUTPUT, writeOutput } from '../runtime/write-output.js'
import { planText } from '../views/plan-view.js'
import { number, whole } from './number-options.js'

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
    .option('--horizon <duration>', 'how long until a label is final', horizon, '7d')
    .option('--ramp <shares>', 'shares of the canary in percent (default: 5,25,50)', ramp)
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
  const { perDay, rate, smallestEffect, runs, seed, out, json } = options
  refuseTwoOutputs(out, json)
  if (rate * (1 + smallestEffect) > 1)
    throw new SlipwayError(
      'BadRequest',
      `a loss ${smallestEffect} times larger would exceed all decisions; lower --smallest-effect`,
    )
  const proposal = proposePolicy({ ...options, ramp: options.ramp ?? RAMP })
  if (!proposal)
    throw new SlipwayError(
      'BadRequest',
      `${perDay} decisions a day cannot show a change of ${smallestEffect} within 120 days; name a larger --smallest-effect, a wider --ramp or more traffic`,
    )
  const { policy, exposedDays } = proposal
  const candidates = [0, smallestEffect, -smallestEffect].map((effect) => ({
    effect,
    rates: simulateRates(policy, { traffic: perDay, rate: () => rate, effect, cost: 1 }, { runs, seed }),
  }))
  writeOutput(out, `${JSON.stringify(policy, null, 2)}\n`, 'wx')
  if (out === STANDARD_OUTPUT) return
  const report = { policy, file: out, exposedDays, perDay, rate, smallestEffect, candidates }
  show(options, report, planText)
}

/** Basis points of the steps that are proposed. */
const RAMP = [500, 2_500, 5_000]

/** Each day of it is simulated. */
const LONGEST_HORIZON_MS = 365 * DAY_MS

function horizon(text: string): string {
  const ms = DURATION_PATTERN.test(text) ? durationMs(text) : 0
  if (ms > 0 && ms <= LONGEST_HORIZON_MS) return text
  throw new InvalidArgumentError('It must be a duration such as 5d, 12h or 30m, at most 365d.')
}

function ramp(text: string): number[] {
  const shares = text.split(',').map((share) => Math.round(decimalOf(share.trim()) * 100))
  const rises = shares.every((share, index) => share > (shares[index - 1] ?? 0) && share <= 9_000)
  if (rises) return shares
  throw new InvalidArgumentError('It must be growing shares in percent, at most 90, such as 5,25,50.')
}
