/** What runs that start releases have in common. */
import { defineSearchAttributeKey, SearchAttributeType, WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import { ParentClosePolicy, startChild, workflowInfo } from '@temporalio/workflow'
import { releaseStart } from '../contracts/release-start.js'
import type { ReleaseInput } from '../contracts/types.js'
import { release } from './release.js'

const SCHEDULED_AT = defineSearchAttributeKey('TemporalScheduledStartTime', SearchAttributeType.DATETIME)

/** ISO: the instant a Schedule meant, also when it is made up for days later; now for a run that was started by hand. */
export function scheduledInstant(): string {
  const { typedSearchAttributes, startTime } = workflowInfo()
  return (typedSearchAttributes.get(SCHEDULED_AT) ?? startTime).toISOString()
}

/** Starts a release that outlives this run. The same trigger again is the same release. @returns its workflow id */
export async function startReleaseChild(input: ReleaseInput): Promise<string> {
  const start = releaseStart(input)
  try {
    await startChild(release, { ...start, parentClosePolicy: ParentClosePolicy.ABANDON })
  } catch (error) {
    // A backfill over days that ran, or a check that was repeated: one trigger is one release.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
  return start.workflowId
}
