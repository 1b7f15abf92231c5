/** Starting a release from another workflow. */
import {
  ApplicationFailure,
  defineSearchAttributeKey,
  SearchAttributeType,
  WorkflowExecutionAlreadyStartedError,
} from '@temporalio/common'
import { ParentClosePolicy, startChild, workflowInfo } from '@temporalio/workflow'
import { releaseStart } from '../contracts/release-start.js'
import type { ReleaseInput } from '../contracts/types.js'
import { whyUndecodable } from '../contracts/undecodable.js'
import { release } from './release.js'

const SCHEDULED_AT = defineSearchAttributeKey('TemporalScheduledStartTime', SearchAttributeType.DATETIME)

/**
 * A Schedule that was changed by hand may pass anything.
 * @throws ApplicationFailure, which ends the workflow; any other error would repeat its first task permanently
 */
export function requireTexts(inputs: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(inputs)) {
    if (typeof value === 'string') continue
    const why = whyUndecodable(value) ?? 'it must be a text; run: slipway schedule apply'
    throw ApplicationFailure.nonRetryable(`${name}: ${why}`, 'BadRequest')
  }
}

/**
 * ISO: the instant that a Schedule started this run for, also in a backfill; the start time for a run started by hand.
 */
export function scheduledInstant(): string {
  const { typedSearchAttributes, startTime } = workflowInfo()
  return (typedSearchAttributes.get(SCHEDULED_AT) ?? startTime).toISOString()
}

/** Starts a release that continues after this run. Repeating a trigger starts nothing. @returns its workflow id */
export async function startReleaseChild(input: ReleaseInput): Promise<string> {
  const start = releaseStart(input)
  try {
    await startChild(release, { ...start, parentClosePolicy: ParentClosePolicy.ABANDON })
  } catch (error) {
    // A backfill over days that have a release, or a repeated check: one trigger is one release.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
  return start.workflowId
}
