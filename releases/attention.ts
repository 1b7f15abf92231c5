/** Which releases need a person: paused, waiting for approval, or longer in a stage than the stage should take. */
import { durationMs, spanInWords } from '../contracts/duration.js'
import { bodiesOf, ofKind } from '../contracts/ledger/index.js'
import type { Stage } from '../contracts/names.js'
import type { ReleaseInput } from '../contracts/types.js'
import type { Registry, ReleaseRunRecord, ReleaseRunSummary } from '../registry/index.js'

export interface Attention {
  readonly workflowId: string
  readonly project: string
  readonly why: 'paused' | 'awaiting_approval' | 'stuck' | 'terminated'
  readonly text: string
  /** ISO wall time. */
  readonly since: string
}

/**
 * A run whose workflow Temporal has closed; the registry alone cannot know this.
 * @param closed how it was closed, as a sentence
 */
export const terminated = ({ workflowId, project, startedAt }: ReleaseRunSummary, closed: string): Attention => ({
  workflowId,
  project,
  why: 'terminated',
  since: startedAt,
  text: `${closed} It has no verdict and may hold the lane; conclude it with: slipway release abort ${workflowId}`,
})

/** Limit for stages that only compute, in wall time. */
const COMPUTED_WITHIN_MS = 3 * 3_600_000

/** Releases without a verdict that need a person, as far as the registry knows. @param now wall time in epoch ms */
export async function needsAttention(registry: Registry, now: number, project?: string): Promise<Attention[]> {
  const open = (await registry.runs.list(project)).filter(({ verdict }) => verdict === null)
  const found: Attention[] = []
  for (const { workflowId } of open) {
    const need = attentionOf(await registry.runs.get(workflowId), now)
    if (need) found.push(need)
  }
  return found
}

function attentionOf(run: ReleaseRunRecord, now: number): Attention | undefined {
  const { workflowId, project, stage, entries } = run
  const newest = entries.at(-1)
  const [input] = bodiesOf(entries, 'trigger')
  if (!newest || !input) return undefined
  const attention = (why: Attention['why'], text: string, since: string) => ({ workflowId, project, why, text, since })
  const approval = entries.findLast(ofKind('approval'))
  if (approval?.body.state === 'asked' && stage === 'canary')
    return attention('awaiting_approval', `waits for approval: ${approval.body.reason}`, approval.at)
  const paused = pauseOf(run)
  if (paused) return attention('paused', paused.text, paused.since)
  const late = lateBy(stage, run, input, now)
  return late === undefined
    ? undefined
    : attention('stuck', `in ${stage} ${spanInWords(late)} longer than expected`, newest.at)
}

/** The pause in force, set by an operator or by a look. */
function pauseOf({ entries, stage }: ReleaseRunRecord): { text: string; since: string } | undefined {
  if (stage !== 'canary') return undefined
  const last = entries
    .filter(ofKind('operator_action', 'judgement'))
    .findLast(({ kind, body }) =>
      kind === 'judgement'
        ? body.judgement.action === 'pause'
        : body.accepted && (body.action === 'pause' || body.action === 'resume'),
    )
  if (!last) return undefined
  if (last.kind === 'judgement') return { text: `paused: ${last.body.judgement.reason}`, since: last.at }
  return last.body.action === 'resume' ? undefined : { text: `paused: by ${last.body.by}`, since: last.at }
}

/** Wall time in ms beyond what the stage should take; undefined while it is in time. */
function lateBy(stage: Stage, { entries }: ReleaseRunRecord, { policy, clock }: ReleaseInput, now: number) {
  const newest = Date.parse(entries.at(-1)?.at ?? '')
  const beyond = (limit: number) => (now - newest > limit ? now - newest - limit : undefined)
  // A waiting run looks regularly. No look for the time of three means that no worker runs it.
  const looks = (3 * durationMs(policy.lookEvery) + durationMs(policy.labelHorizon)) / clock.speed + 60_000
  switch (stage) {
    case 'validating':
    case 'training':
    case 'evaluating':
    case 'promoting':
      return beyond(COMPUTED_WITHIN_MS)
    case 'awaiting_canary': {
      const longest = durationMs(policy.deadline) + policy.maxExtensions * durationMs(policy.extendBy)
      return beyond((longest + durationMs(policy.probation.lasts)) / clock.speed)
    }
    case 'canary':
    case 'probation':
      return beyond(looks)
    case 'done':
      return undefined
  }
}
