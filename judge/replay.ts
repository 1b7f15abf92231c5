/** What a policy makes of evidence that was recorded under another one. */
import { durationMs } from '../contracts/duration.js'
import { firstExposedDay } from '../contracts/exposure.js'
import { SlipwayError } from '../contracts/failure.js'
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
 * Look by look until the policy would have ended the canary. Traffic stays what it was: steps and deadline of the policy time its
 * decision, not the exposure.
 * @param recorded evidence of one canary, oldest first, one an instant
 * @param opened epoch ms of event time
 * @throws SlipwayError BadRequest where the evidence was gathered by rules the policy does not share
 */
export function replay(
  policy: PromotionPolicy,
  gatheredUnder: PromotionPolicy,
  recorded: readonly Evidence[],
  opened: number,
): ReplayedLook[] {
  refuseOtherEvidence(policy, gatheredUnder)
  const progress = createProgress(policy, opened)
  const every = durationMs(policy.lookEvery)
  const looks: PastLook[] = []
  const replayed: ReplayedLook[] = []
  for (const evidence of recorded) {
    const since = Date.parse(evidence.asOf) - firstExposedDay(opened)
    // Where it would not have looked, it would not have decided.
    if (since % every !== 0) continue
    const judgement = judge(policy, { ...evidence, looks: [...looks] }, progress.deadline())
    looks.push(pastLook(judgement))
    const verdict = progress.after(judgement) ?? null
    replayed.push({ judgement, verdict })
    if (verdict !== null) break
  }
  return replayed
}

/** The horizon decided which labels count, the bound what they weigh: neither can be changed afterwards from sums. */
function refuseOtherEvidence(policy: PromotionPolicy, gatheredUnder: PromotionPolicy): void {
  const rules = ({ labelHorizon, judge: { lossBound } }: PromotionPolicy) => ({
    labelHorizon: String(durationMs(labelHorizon)),
    lossBound: lossBound ? `${lossBound.lowest}..${lossBound.highest}, ${lossBound.beyond}` : 'none',
  })
  const [asked, was] = [rules(policy), rules(gatheredUnder)]
  for (const name of ['labelHorizon', 'lossBound'] as const) {
    if (asked[name] === was[name]) continue
    const [one, other] =
      name === 'labelHorizon' ? [policy.labelHorizon, gatheredUnder.labelHorizon] : [asked.lossBound, was.lossBound]
    throw new SlipwayError(
      'BadRequest',
      `${name} is ${one}, but the evidence was gathered with ${other}; leave it as it was and change the rest`,
    )
  }
}
