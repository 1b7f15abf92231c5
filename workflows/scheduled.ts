/** What a schedule starts: a run of a few events that starts the release of its scheduled instant, and lets it go. */
import { defineSearchAttributeKey, SearchAttributeType, WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import { ParentClosePolicy, startChild, workflowInfo } from '@temporalio/workflow'
import { releaseStart } from '../contracts/release-start.js'
import { shared } from './calls.js'
import { release } from './release.js'

const SCHEDULED_AT = defineSearchAttributeKey('TemporalScheduledStartTime', SearchAttributeType.DATETIME)

/** @returns the release's workflow id */
export async function scheduled(project: string): Promise<string> {
  const { typedSearchAttributes, startTime } = workflowInfo()
  // The instant the schedule meant, also when it is made up for days later.
  const at = typedSearchAttributes.get(SCHEDULED_AT) ?? startTime
  const input = await shared(`Plan the release of ${project} for ${at.toISOString()}`).planScheduled({
    project,
    at: at.toISOString(),
  })
  const start = releaseStart(input)
  try {
    await startChild(release, { ...start, parentClosePolicy: ParentClosePolicy.ABANDON })
  } catch (error) {
    // The same instant twice, by a backfill over days that ran: one trigger is one release.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
  return start.workflowId
}
