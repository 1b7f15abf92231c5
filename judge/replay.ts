/** The judgements that a policy gives for evidence recorded under another policy. */
import { canonicalJson } from '../contracts/canonical.js'
import { durationMs } from '../contracts/duration.js'
import { firstExposedDay } from '../contracts/exposure.js'
import { SlipwayError } from '../contracts/failure.js'
import { failureLossOf } from '../contracts/scoring-failure.js'
import type { Evidence, Judgement, PastLook, PromotionPolicy } from '../contracts/types.js'
import { judge } from './judge.js'
import { pastLook } from './past-look.js'
import { type CanaryVerdict, createProgress } from './progress.js'

export interface ReplayedLook {
  readonly judgement: Judgement
  /** Null until the policy would have ended the canary; looks after that one are not judged. */
  readonly verdict: CanaryVerdict | null
}

/**
 * Judges look by look until the policy would have ended the canary. The recorded traffic does not change: steps and
 * deadline of the policy affect its decision, not the exposure.
 * @param recorded evidence of one canary, oldest first, one per instant
 * @param opened epoch ms of event time
 * @throws SlipwayError BadRequest if the evidence was gathered with another label horizon, loss bound, failureLoss or
 * other segments
 */
export function replay(
  policy: PromotionPolicy,
  gatheredUnder: PromotionPolicy,
  recorded: readonly Evidence[],
  opened: number,
): ReplayedLook[] {
  refuseOtherEvidence(policy, gatheredUnder)
  refuseOtherSegments(policy, gatheredUnder)
  refuseOtherFailureLoss(policy, gatheredUnder)
  refuseUnpaired(policy, recorded)
  const progress = createProgress(policy, opened)
  const every = durationMs(policy.lookEvery)
  const looks: PastLook[] = []
  const replayed: ReplayedLook[] = []
  for (const evidence of recorded) {
    const since = Date.parse(evidence.asOf) - firstExposedDay(opened)
    // The policy has no look at this instant.
    if (since % every !== 0) continue
    const judgement = judge(policy, { ...evidence, looks: [...looks] }, progress.deadline())
    looks.push(pastLook(judgement))
    const verdict = progress.after(judgement) ?? null
    replayed.push({ judgement, verdict })
    if (verdict !== null) break
  }
  return replayed
}

/** @throws SlipwayError BadRequest where the policy compares losses in the shadow and the evidence has none */
function refuseUnpaired({ shadow }: PromotionPolicy, recorded: readonly Evidence[]): void {
  if (!shadow?.paired || recorded.some(({ paired }) => paired)) return
  throw new SlipwayError(
    'BadRequest',
    'shadow.paired is there, but the evidence has no losses of a shadow; remove shadow.paired and change the rest',
  )
}

/**
 * Sums of losses contain the failed scorings, each with the loss of the policy in force. Under `slipway.policy/1`
 * failures are not recorded at all: such evidence is judged without them, unless the policy states what they cost.
 */
function refuseOtherFailureLoss(policy: PromotionPolicy, gatheredUnder: PromotionPolicy): void {
  const [asked, gathered] = [failureLossOf(policy), failureLossOf(gatheredUnder)]
  const { failureLoss } = policy.judge
  if (gathered === null ? failureLoss === undefined : asked === null || asked === gathered) return
  const [how, fix] =
    gathered === null ? ['contains no failed scorings', 'remove'] : [`was gathered with ${gathered}`, 'keep']
  throw new SlipwayError(
    'BadRequest',
    `failureLoss is ${asked}, but the evidence ${how}; ${fix} failureLoss and change the rest`,
  )
}

/**
 * The label horizon decides which labels count, and the loss bound how much. Neither can be changed afterwards, because
 * evidence holds sums.
 */
function refuseOtherEvidence(policy: PromotionPolicy, gatheredUnder: PromotionPolicy): void {
  const rules = ({ labelHorizon, judge: { lossBound } }: PromotionPolicy) => ({
    labelHorizon: String(durationMs(labelHorizon)),
    lossBound: lossBound ? `${lossBound.lowest}..${lossBound.highest}, ${lossBound.beyond}` : 'none',
  })
  const [asked, gathered] = [rules(policy), rules(gatheredUnder)]
  for (const name of ['labelHorizon', 'lossBound'] as const) {
    if (asked[name] === gathered[name]) continue
    const [one, other] =
      name === 'labelHorizon'
        ? [policy.labelHorizon, gatheredUnder.labelHorizon]
        : [asked.lossBound, gathered.lossBound]
    throw new SlipwayError(
      'BadRequest',
      `${name} is ${one}, but the evidence was gathered with ${other}; keep ${name} and change the rest`,
    )
  }
}

/** Evidence has no sums of a segment that was not asked for, or that was another part of the traffic. */
function refuseOtherSegments({ segments }: PromotionPolicy, gatheredUnder: PromotionPolicy): void {
  const gathered = new Map((gatheredUnder.segments?.of ?? []).map((one) => [one.name, one]))
  for (const asked of segments?.of ?? []) {
    const known = gathered.get(asked.name)
    if (known && canonicalJson(known) === canonicalJson(asked)) continue
    const has = gathered.size === 0 ? 'no segments' : `the segments ${[...gathered.keys()].join(', ')}`
    const why = known ? 'was gathered with another "where"' : `was not measured: the evidence has ${has}`
    throw new SlipwayError('BadRequest', `segment ${asked.name} ${why}; use segments of the recorded policy, or fewer`)
  }
}
