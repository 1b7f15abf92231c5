/**
 * Judges recorded evidence again: with the recorded policy, which must give the same judgements, or with another
 * policy.
 */

import { canonicalJson } from '../contracts/canonical.js'
import { SlipwayError } from '../contracts/failure.js'
import { bodiesOf, type RecordedLook } from '../contracts/ledger/index.js'
import type { Judgement, PromotionPolicy } from '../contracts/types.js'
import { judge, replay } from '../judge/index.js'
import type { ReleaseRunRecord } from '../registry/index.js'
import { evidenceOf } from './looks/recorded-looks.js'

export interface LookAgain {
  readonly asOf: string
  readonly phase: string
  readonly recorded: Pick<Judgement, 'action' | 'reason'>
  /** Null if the other policy had ended the canary before, or has no look at this instant. */
  readonly again: Judgement | null
  readonly verdict: string | null
}

export interface Replayed {
  readonly workflowId: string
  readonly verdict: string | null
  /** The verdict of the policy used, within the recorded looks; null if it is undecided. */
  readonly wouldHave: string | null
  readonly looks: readonly LookAgain[]
}

export function policyOfRun(run: ReleaseRunRecord): PromotionPolicy {
  const [input] = bodiesOf(run.entries, 'trigger')
  if (!input) throw new SlipwayError('BadRequest', `${run.workflowId} is not a release run; see: slipway release list`)
  return input.policy
}

/**
 * Judges each look with its own policy and deadline.
 * @returns the looks, and the instants of looks that differ from the record
 */
export function judgeAgain(run: ReleaseRunRecord): Replayed & { readonly differing: readonly string[] } {
  const policy = policyOfRun(run)
  const looks = looksOf(run).map((look) => ({
    look,
    again: judge(policy, evidenceOf(run.project, look), look.deadline),
  }))
  const differs = looks.filter(({ look, again }) => canonicalJson(again) !== canonicalJson(look.judgement))
  return {
    workflowId: run.workflowId,
    verdict: run.verdict,
    wouldHave: run.verdict,
    looks: looks.map(({ look, again }) => ({ ...recordedPart(look), again, verdict: null })),
    differing: differs.map(({ look }) => look.judgement.numbers.asOf),
  }
}

/** Judges the looks of the canary with another policy, until that policy would have ended the canary. */
export function replayWith(run: ReleaseRunRecord, policy: PromotionPolicy): Replayed {
  const canary = looksOf(run).filter(({ phase }) => phase === 'canary')
  // If production changed during the canary, the canary was opened again; only the last opening led to the verdict.
  const opened = canary.at(-1)?.opened
  const byInstant = new Map(
    canary.filter((look) => look.opened === opened).map((look) => [look.judgement.numbers.asOf, look]),
  )
  const looks = [...byInstant.values()]
  const [first] = looks
  if (!first) throw new SlipwayError('BadRequest', `${run.workflowId} has no looks yet; there is nothing to replay`)
  const evidence = looks.map((look) => evidenceOf(run.project, look))
  const replayed = replay(policy, policyOfRun(run), evidence, Date.parse(first.opened))
  const byAsOf = new Map(replayed.map((look) => [look.judgement.numbers.asOf, look]))
  return {
    workflowId: run.workflowId,
    verdict: run.verdict,
    wouldHave: replayed.at(-1)?.verdict ?? null,
    looks: looks.map((look) => {
      const again = byAsOf.get(look.judgement.numbers.asOf)
      return { ...recordedPart(look), again: again?.judgement ?? null, verdict: again?.verdict ?? null }
    }),
  }
}

const looksOf = (run: ReleaseRunRecord): RecordedLook[] => bodiesOf(run.entries, 'judgement')

const recordedPart = ({ phase, judgement }: RecordedLook) => ({
  asOf: judgement.numbers.asOf,
  phase,
  recorded: { action: judgement.action, reason: judgement.reason },
})
