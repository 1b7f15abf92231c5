/** Judging recorded evidence again: by the policy it was judged by, which must say the same, or by another. */

import { canonicalJson } from '../contracts/canonical.js'
import { SlipwayError } from '../contracts/failure.js'
import type { Judgement, PromotionPolicy, ReleaseInput } from '../contracts/types.js'
import { judge, replay } from '../judge/index.js'
import type { ReleaseRunRecord } from '../registry/index.js'
import { evidenceOf, type RecordedLook } from './looks/recorded-looks.js'

export interface LookAgain {
  readonly asOf: string
  readonly phase: string
  readonly recorded: Pick<Judgement, 'action' | 'reason'>
  /** Null where another policy had ended the canary before, or does not look. */
  readonly again: Judgement | null
  readonly verdict: string | null
}

export interface Replayed {
  readonly workflowId: string
  readonly verdict: string | null
  /** Of the policy judged by: what it would have ended as within the recorded looks. */
  readonly wouldHave: string | null
  readonly looks: readonly LookAgain[]
}

export function policyOfRun(run: ReleaseRunRecord): PromotionPolicy {
  const trigger = run.entries.find(({ kind }) => kind === 'trigger')
  if (!trigger)
    throw new SlipwayError('BadRequest', `${run.workflowId} is not a release run; see: slipway release list`)
  return (trigger.body as unknown as ReleaseInput).policy
}

/** Each look by its own policy and deadline. @returns the looks, and those that are not judged as they were recorded */
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

/** The canary's looks by another policy, until it would have ended. */
export function replayWith(run: ReleaseRunRecord, policy: PromotionPolicy): Replayed {
  const canary = looksOf(run).filter(({ phase }) => phase === 'canary')
  // Where production changed under it the canary was opened again, and only the last opening decided.
  const opened = canary.at(-1)?.opened
  const byInstant = new Map(
    canary.filter((look) => look.opened === opened).map((look) => [look.judgement.numbers.asOf, look]),
  )
  const looks = [...byInstant.values()]
  const [first] = looks
  if (!first) throw new SlipwayError('BadRequest', `${run.workflowId} has no looks yet: there is nothing to replay`)
  const evidence = looks.map((look) => evidenceOf(run.project, look))
  const replayed = replay(policy, policyOfRun(run), evidence, Date.parse(first.opened))
  const of = new Map(replayed.map((look) => [look.judgement.numbers.asOf, look]))
  return {
    workflowId: run.workflowId,
    verdict: run.verdict,
    wouldHave: replayed.at(-1)?.verdict ?? null,
    looks: looks.map((look) => {
      const again = of.get(look.judgement.numbers.asOf)
      return { ...recordedPart(look), again: again?.judgement ?? null, verdict: again?.verdict ?? null }
    }),
  }
}

const looksOf = (run: ReleaseRunRecord): RecordedLook[] =>
  run.entries.filter(({ kind }) => kind === 'judgement').map(({ body }) => body as unknown as RecordedLook)

const recordedPart = ({ phase, judgement }: RecordedLook) => ({
  asOf: judgement.numbers.asOf,
  phase,
  recorded: { action: judgement.action, reason: judgement.reason },
})
