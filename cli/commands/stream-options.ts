/** How unkind the simulated stream of `slipway judge simulate` is. */
import type { Command } from 'commander'
import type { WorldSegment } from '../../judge/index.js'
import { segmentRule, tailRule } from '../../releases/policy/policy-rules.js'
import type { StreamFields } from '../../releases/policy/simulate-policy.js'
import { argument, between, number } from './number-options.js'

export interface StreamOptions extends StreamFields {
  segment?: WorldSegment[]
}

export const addStreamOptions = (simulate: Command): Command =>
  simulate
    .option(
      '--tail <shape>',
      'distribution of the losses, with the same mean: lognormal:SIGMA, pareto:INDEX or disasters:SHARE:TIMES (default: binary)',
      argument(tailRule),
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

const segment = (text: string, before: WorldSegment[] = []): WorldSegment[] => argument(segmentRule(before))(text)
