/** A run in the Temporal Web UI: search attributes and current details. */
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common'
import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow'
import type { OperatorActionName } from '../contracts/names.js'
import { POSSIBLE } from '../contracts/possible-actions.js'
import type { ReleaseRun } from './release-run.js'

const attribute = (name: string) => defineSearchAttributeKey(name, SearchAttributeType.KEYWORD)
const STAGE = attribute('ReleaseStage')
const VERDICT = attribute('ReleaseVerdict')
const RELEASE_ID = attribute('ReleaseId')

/** The name of an operator who gave none. */
export const UNNAMED = 'unnamed'

/** Without those that would be refused now: what is shown must be what can be done. */
function possibleNow({ state, input }: ReleaseRun): readonly OperatorActionName[] {
  const { manualPromote, maxExtensions } = input.policy
  const refused = new Set<OperatorActionName>()
  if (state.shadow || (manualPromote === 'never' && !state.awaitingApproval)) refused.add('promote')
  if (state.extensions >= maxExtensions) refused.add('extend')
  return POSSIBLE[state.stage].filter((action) => !refused.has(action))
}

export function announce(run: ReleaseRun): void {
  const { state } = run
  upsertSearchAttributes([
    { key: STAGE, value: state.stage },
    ...(state.verdict ? [{ key: VERDICT, value: state.verdict }] : []),
    ...(state.releaseId ? [{ key: RELEASE_ID, value: state.releaseId }] : []),
  ])
  describe(run)
}

export function describe(run: ReleaseRun): void {
  const { state } = run
  const possible = possibleNow(run)
  const lines = [
    `**${standing(state)}**: ${state.waitingFor}`,
    state.releaseId
      ? `Candidate ${state.releaseId}${state.production ? `, production ${state.production}` : ''}.`
      : null,
    state.deadline ? `Undecided until ${state.deadline} (event time) means held; production stays untouched.` : null,
    possible.length > 0 ? `An operator can: ${possible.join(', ')}.` : null,
    ...state.actions.map((action) => `- ${action.action} by ${action.by} (${action.reason}): ${action.message}`),
  ]
  setCurrentDetails(lines.filter((line) => line !== null).join('\n\n'))
}

/** The stage, with a pause or a wait for approval. An ended release has a verdict instead. */
function standing({ stage, verdict, paused, awaitingApproval }: ReleaseRun['state']): string {
  if (verdict) return `${stage}, ${verdict}`
  if (awaitingApproval) return `${stage}, awaiting approval`
  return paused ? `${stage}, paused` : stage
}
