/** How often a policy promotes, rolls back and holds simulated candidates: `slipway judge simulate` and the console. */
import { SlipwayError } from '../../contracts/failure.js'
import type { PromotionPolicy } from '../../contracts/types.js'
import { type Assumptions, type PolicyReport, reportOn, type World, worstAllowed } from '../../judge/index.js'
import { type FieldNames, fieldName } from './field-names.js'

export interface SimulateRequest extends Assumptions {
  readonly policy: PromotionPolicy
}

/** @throws SlipwayError BadRequest for assumptions that no traffic has */
export function simulatePolicy({ policy, ...assumptions }: SimulateRequest, names: FieldNames): PolicyReport {
  const { rate, effect, cost, stream } = assumptions
  requireShadow(policy, assumptions, names)
  requireSegments(policy, stream?.segments, names)
  requireDrawable(assumptions, names)
  const inSegments = Math.max(0, ...(stream?.segments ?? []).map((one) => one.effect))
  const named = (option: string) => fieldName(names, option)
  for (const [name, relative] of [
    [
      stream?.segments ? `${named('effect')} and ${named('segment')}` : named('effect'),
      (1 + effect) * (1 + inSegments) - 1,
    ],
    ['the margin of the policy', worstAllowed(policy) / (rate * cost)],
  ] as const) {
    if (rate * (1 + relative) <= 1) continue
    const share = (rate * (1 + relative)).toFixed(2)
    throw new SlipwayError(
      'BadRequest',
      `with ${name}, a share of ${share} of the decisions would incur a loss of ${cost}, and a share cannot exceed 1; change ${named('rate')}, ${named('cost')} or the policy`,
    )
  }
  return reportOn(policy, assumptions)
}

/** Decisions a day of which each is drawn by itself: more do not fit into memory, or take days. */
export const MOST_SINGLE_DECISIONS = 1_000_000

function requireDrawable({ traffic, stream }: Assumptions, names: FieldNames): void {
  const single = stream?.loss ?? stream?.entities ?? stream?.coverage ?? stream?.segments
  if (single === undefined || traffic <= MOST_SINGLE_DECISIONS) return
  const options = ['tail', 'visits', 'coverage', 'segment'].map((option) => fieldName(names, option))
  throw new SlipwayError(
    'BadRequest',
    `with ${options.join(', ')} each decision is simulated by itself, at most ${MOST_SINGLE_DECISIONS} a day; ${fieldName(names, 'traffic')} is ${traffic}`,
  )
}

/** A candidate cannot change more decisions than those on which it differs from production. */
function requireShadow(
  policy: PromotionPolicy,
  { shadowDiffering, rate, cost, effect, stream }: Assumptions,
  names: FieldNames,
): void {
  if (shadowDiffering === undefined) return
  const named = (option: string) => fieldName(names, option)
  const refuse = (problem: string) => {
    throw new SlipwayError('BadRequest', `${named('shadow-differing')} ${problem}`)
  }
  if (!policy.shadow) refuse('needs a policy with a shadow; this one has none')
  if (stream?.loss || stream?.segments || stream?.coverage)
    refuse(
      `cannot be used with ${named('tail')}, ${named('segment')} or ${named('coverage')}, which the shadow does not simulate`,
    )
  const least = Math.max(Math.abs(effect) * rate, worstAllowed(policy) / cost)
  if (shadowDiffering < least)
    refuse(
      `must be at least ${least.toPrecision(3)}: so many decisions change their loss with ${named('effect')} or at the margin`,
    )
}

/** The judge measures every segment of the policy, so each has to have a share of the simulated traffic. */
function requireSegments({ segments }: PromotionPolicy, given: World['segments'], names: FieldNames): void {
  if (!given) return
  const [asked, had] = [segments?.of.map(({ name }) => name) ?? [], given.map(({ name }) => name)]
  const missing = asked.filter((name) => !had.includes(name))
  const unknown = had.filter((name) => !asked.includes(name))
  if (missing.length === 0 && unknown.length === 0) return
  throw new SlipwayError(
    'BadRequest',
    `${fieldName(names, 'segment')} must name each segment of the policy, which has ${asked.join(', ') || 'none'}: ${[
      ...missing.map((name) => `${name} is missing`),
      ...unknown.map((name) => `${name} is unknown`),
    ].join(', ')}`,
  )
}

/** What makes a simulated stream unkind, as a user states it. */
export interface StreamFields {
  readonly tail?: NonNullable<World['loss']> | undefined
  readonly rate: number
  readonly visits: number
  readonly icc: number
  /** Relative to the loss. */
  readonly daySd: number
  readonly dayCorrelation: number
  readonly coverage: number
  readonly coverageCanary?: number | undefined
  readonly segment?: World['segments']
}

/** Undefined for a stream of single decisions with binary losses and all labels. */
export function streamOf({ tail: loss, segment: segments, ...fields }: StreamFields): Assumptions['stream'] {
  const { rate, visits, icc, daySd, dayCorrelation, coverage, coverageCanary = coverage } = fields
  const stream = {
    ...(loss ? { loss } : {}),
    ...(visits > 1 ? { entities: { visits, icc } } : {}),
    ...(daySd > 0 ? { days: { sd: daySd * rate, correlation: dayCorrelation } } : {}),
    ...(coverage < 1 || coverageCanary < 1 ? { coverage: { production: coverage, canary: coverageCanary } } : {}),
    ...(segments ? { segments } : {}),
  }
  return Object.keys(stream).length > 0 ? stream : undefined
}
