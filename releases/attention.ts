/** Which releases need a person: paused, waiting for approval, or longer in a stage than the stage should take. */
import { durationMs, spanInWords } from '../contracts/duration.js'
import type { OpenRun, Registry, ReleaseRunSummary } from '../registry/index.js'
import { closedText } from './run-status.js'

export interface Attention {
  readonly workflowId: string
  readonly project: string
  readonly why:
    | 'paused'
    | 'awaiting_approval'
    | 'stuck'
    | 'terminated'
    | 'workflow_failing'
    | 'no_worker'
    | 'notice_refused'
  readonly text: string
  /** ISO wall time. */
  readonly since: string
  /** A lost run that `resume` starts again. */
  readonly resumable?: true
}

/** A run whose workflow Temporal has closed; the registry alone cannot know this. @param status of its workflow */
export const terminated = (run: ReleaseRunSummary, status: string): Attention => ({
  workflowId: run.workflowId,
  project: run.project,
  why: 'terminated',
  since: run.startedAt,
  text: `${closedText(run.workflowId, status)} It has no verdict and may hold the lane; ${remedies(run, status)}`,
  ...(isResumable(run, status) ? { resumable: true } : {}),
})

/** Only a lost one can be started again. */
const isResumable = ({ stage }: ReleaseRunSummary, status: string): boolean =>
  status === 'GONE' && (stage === 'canary' || stage === 'probation')

/** What an operator can do about a run whose workflow is closed. */
export function remedies(run: ReleaseRunSummary, status: string): string {
  const { workflowId, stage } = run
  const resume = isResumable(run, status) ? `resume its ${stage} with: slipway release resume ${workflowId}, or ` : ''
  return `${resume}conclude it with: slipway release abort ${workflowId}`
}

/** Limit for stages that only compute, in wall time. */
const COMPUTED_WITHIN_MS = 3 * 3_600_000

/** Releases without a verdict that need a person, as far as the registry knows. @param now wall time in epoch ms */
export async function needsAttention(registry: Registry, now: number, project?: string): Promise<Attention[]> {
  return (await registry.runs.open(project)).flatMap((run) => attentionOf(run, now) ?? [])
}

/** What a person may have to do about an open run. @param now wall time in epoch ms */
export function attentionOf(run: OpenRun, now: number): Attention | undefined {
  const { workflowId, project, stage, asked, paused, newestAt } = run
  const attention = (why: Attention['why'], text: string, since: string) => ({ workflowId, project, why, text, since })
  if (stage === 'canary' && asked)
    return attention('awaiting_approval', `waits for approval: ${asked.reason}`, asked.at)
  if (stage === 'canary' && paused) return attention('paused', `paused: ${paused.why}`, paused.at)
  const late = lateBy(run, now)
  return late === undefined
    ? undefined
    : attention('stuck', `in ${stage} ${spanInWords(late)} longer than expected`, newestAt)
}

/** Wall time in ms beyond what the stage should take; undefined while it is in time. */
function lateBy({ stage, newestAt, input: { policy, clock } }: OpenRun, now: number) {
  const newest = Date.parse(newestAt)
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
