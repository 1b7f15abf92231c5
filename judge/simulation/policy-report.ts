/** How a policy performs before it is used: simulated canaries with candidates whose true effect is known. */
import type { PromotionPolicy } from '../../contracts/types.js'
import { tailWarning } from '../tail-warning.js'
import { expectedInformation } from './expected-information.js'
import { type ShadowReport, shadowReport } from './paired/shadow-report.js'
import { type Rates, simulateRates } from './rates.js'
import type { World } from './stream/world.js'

export interface Assumptions {
  /** Decisions a day, both arms together. */
  readonly traffic: number
  /** Share of production's decisions that are wrong. */
  readonly rate: number
  /** Relative effect of the candidate on its loss; above 0 is harm. */
  readonly effect: number
  /** Loss of a wrong decision, in the project's unit. */
  readonly cost: number
  readonly runs: number
  readonly seed: number
  /**
   * Share of requests on which the candidate's loss is another: releases that begin in the shadow are simulated too.
   */
  readonly shadowDiffering?: number
  /** How the stream is unkind; absent: binary losses, all labels, no returning entities, the same effect every day. */
  readonly stream?: Pick<World, 'loss' | 'entities' | 'days' | 'coverage' | 'segments'>
}

export interface PolicyReport extends Assumptions {
  /** A candidate with no effect. */
  readonly same: Rates
  /** The least harmful candidate that must not be promoted, and its relative effect: every promotion of it is false. */
  readonly worstAllowed: Rates & { readonly effect: number }
  /** The candidate asked about. */
  readonly asked: Rates
  readonly falsePromotion: number
  /** Information expected by the deadline, for the `plannedInformation` of a group-sequential plan. */
  readonly information: number
  /** Share of runs that roll back the candidate if it harms, or promote it if it is better; null for no effect. */
  readonly detection: number | null
  readonly daysToDetection: number | null
  /** What to change because losses are unbounded; null where nothing has to be. */
  readonly warning: string | null
  /** With `shadowDiffering` only. */
  readonly shadow?: ShadowReport
}

export function reportOn(policy: PromotionPolicy, assumptions: Assumptions): PolicyReport {
  const { traffic, rate, effect, cost, runs, seed, shadowDiffering: differing, stream = {} } = assumptions
  // A registry applies the bound of the policy before it sums losses.
  const clip = policy.judge.lossBound ? { clip: policy.judge.lossBound.highest } : {}
  // Only the candidate asked about has another effect in a segment.
  const harmless: World['segments'] = stream.segments?.map((segment) => ({ ...segment, effect: 0 }))
  const world = { traffic, rate: () => rate, cost, ...stream, ...clip }
  const rates = (relative: number, segments = harmless) =>
    simulateRates(policy, { ...world, effect: relative, ...(segments ? { segments } : {}) }, { runs, seed })
  const worst = worstAllowed(policy) / (rate * cost)
  const [same, atWorst, asked] = [rates(0), rates(worst), rates(effect, stream.segments)]
  return {
    ...assumptions,
    same,
    worstAllowed: { ...atWorst, effect: worst },
    asked,
    falsePromotion: atWorst.promoted,
    information: Math.round(expectedInformation(policy, traffic)),
    detection: effect === 0 ? null : effect > 0 ? asked.rolledBack : asked.promoted,
    daysToDetection: effect === 0 ? null : effect > 0 ? asked.daysToRollback : asked.daysToPromote,
    warning: tailWarning(policy),
    ...(differing === undefined
      ? {}
      : { shadow: shadowReport(policy, { world, differing, worst, effect, runs, seed }) }),
  }
}

/** Loss per decision beyond which the policy's objective must not promote. */
export function worstAllowed({ judge }: PromotionPolicy): number {
  switch (judge.objective) {
    case 'superiority':
      return 0
    case 'equivalence':
      return judge.tolerance ?? judge.nonInferiorityMargin
    default:
      return judge.nonInferiorityMargin
  }
}
