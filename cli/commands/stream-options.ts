/** How unkind the simulated stream of `slipway judge simulate` is. */
import { type Command, InvalidArgumentError } from 'commander'
import type { World } from '../../judge/index.js'
import { between, number } from './number-options.js'

export interface StreamOptions {
  tail?: NonNullable<World['loss']>
  rate: number
  visits: number
  icc: number
  daySd: number
  dayCorrelation: number
  coverage: number
  coverageCanary?: number
}

export const addStreamOptions = (simulate: Command): Command =>
  simulate
    .option(
      '--tail <shape>',
      'distribution of the losses, with the same mean: lognormal:SIGMA, pareto:INDEX or disasters:SHARE:TIMES (default: binary)',
      tail,
    )
    .option('--visits <m>', 'decisions of an entity in 30 days; above 1 entities return', number(0, 1e4), 1)
    .option('--icc <r>', 'correlation of two decisions of one entity', between(0, 0.999), 0.1)
    .option('--day-sd <s>', 'standard deviation of the effect from day to day, relative to the loss', between(0, 10), 0)
    .option(
      '--day-correlation <r>',
      'correlation of a day’s effect with that of the day before',
      between(-0.99, 0.99),
      0,
    )
    .option('--coverage <c>', 'share of decisions that get a label', number(0, 1), 1)
    .option('--coverage-canary <c>', 'the same for the canary (default: as --coverage)', number(0, 1))

/** Undefined for a stream of single decisions with binary losses and all labels. */
export function streamOf(options: StreamOptions): Pick<World, 'loss' | 'entities' | 'days' | 'coverage'> | undefined {
  const { tail: loss, rate, visits, icc, daySd, dayCorrelation, coverage, coverageCanary = coverage } = options
  const stream = {
    ...(loss ? { loss } : {}),
    ...(visits > 1 ? { entities: { visits, icc } } : {}),
    ...(daySd > 0 ? { days: { sd: daySd * rate, correlation: dayCorrelation } } : {}),
    ...(coverage < 1 || coverageCanary < 1 ? { coverage: { production: coverage, canary: coverageCanary } } : {}),
  }
  return Object.keys(stream).length > 0 ? stream : undefined
}

function tail(text: string): NonNullable<World['loss']> {
  const [kind, ...rest] = text.split(':')
  const [first = Number.NaN, second = Number.NaN] = rest.map(Number)
  if (kind === 'lognormal' && rest.length === 1 && first > 0 && first <= 5) return { kind, sigma: first }
  if (kind === 'pareto' && rest.length === 1 && first > 1 && first <= 100) return { kind, index: first }
  if (kind === 'disasters' && rest.length === 2 && first > 0 && first < 1 && second > 0)
    return { kind, share: first, times: second }
  throw new InvalidArgumentError(
    'It must be lognormal:SIGMA (above 0, at most 5), pareto:INDEX (above 1) or disasters:SHARE:TIMES.',
  )
}
