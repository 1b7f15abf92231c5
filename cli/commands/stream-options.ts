/** How unkind the simulated stream of `slipway judge simulate` is. */
import { type Command, InvalidArgumentError } from 'commander'
import type { World, WorldSegment } from '../../judge/index.js'
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
  segment?: WorldSegment[]
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
    .option(
      '--segment <segment>',
      'NAME:SHARE or NAME:SHARE:EFFECT, for each segment of the policy: its share of the traffic, and the relative change of the loss there beside --effect (default: segments are not simulated)',
      segment,
    )

/** Undefined for a stream of single decisions with binary losses and all labels. */
export function streamOf(
  options: StreamOptions,
): Pick<World, 'loss' | 'entities' | 'days' | 'coverage' | 'segments'> | undefined {
  const {
    tail: loss,
    rate,
    visits,
    icc,
    daySd,
    dayCorrelation,
    coverage,
    coverageCanary = coverage,
    segment: segments,
  } = options
  const stream = {
    ...(loss ? { loss } : {}),
    ...(visits > 1 ? { entities: { visits, icc } } : {}),
    ...(daySd > 0 ? { days: { sd: daySd * rate, correlation: dayCorrelation } } : {}),
    ...(coverage < 1 || coverageCanary < 1 ? { coverage: { production: coverage, canary: coverageCanary } } : {}),
    ...(segments ? { segments } : {}),
  }
  return Object.keys(stream).length > 0 ? stream : undefined
}

function segment(text: string, before: WorldSegment[] = []): WorldSegment[] {
  const [name = '', ...rest] = text.split(':')
  const [share = Number.NaN, effect = 0] = rest.map((part) => (part.trim() === '' ? Number.NaN : Number(part)))
  if (name === '' || rest.length > 2 || !(share > 0 && share <= 1) || !(effect >= -1 && effect <= 1000))
    throw new InvalidArgumentError('It must be NAME:SHARE or NAME:SHARE:EFFECT, with a share above 0 and at most 1.')
  if (before.some((one) => one.name === name)) throw new InvalidArgumentError(`${name} is given twice.`)
  const all = [...before, { name, share, effect }]
  const total = all.reduce((sum, one) => sum + one.share, 0)
  if (total > 1 + 1e-9) throw new InvalidArgumentError(`The shares are ${total.toFixed(3)} together, and at most 1.`)
  return all
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
